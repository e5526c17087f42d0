import * as Rows from "@tapi/core/engine/rows";
import { VisibleError } from "@tapi/core/platform/error";
import { nearest } from "@tapi/core/platform/nearest";
import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { noteOf, queryNames } from "./openapi.ts";
import { catalogueIn } from "./owner-params.ts";
import { filterPrefix, queryOf } from "./validate.ts";

interface Declared {
  names: string[];
  /** The columns that may be filtered by; undefined where the route has no table. */
  columns: string[] | undefined;
}

function declaredBy(c: Context): Declared {
  const notes = matchedRoutes(c).flatMap(({ handler }) => noteOf(handler)?.takes ?? []);
  const ofQuery = notes.filter(({ target }) => target === "query");
  return {
    names: ofQuery.flatMap(({ schema }) => queryNames(schema)),
    columns: ofQuery.some(({ filters }) => filters)
      ? Rows.columnNames(catalogueIn(c).get(c.req.param("dataset") ?? ""))
      : undefined,
  };
}

function unknown(name: string, { names, columns = [] }: Declared): VisibleError {
  const known = [...names, ...columns.map((column) => filterPrefix + column)];
  const meant = nearest(name, known);
  const hint = meant ? `Did you mean ${meant}?` : "This address takes none.";
  const shown = name.slice(0, 100);
  return new VisibleError("validation", "request.unknown_parameter", `There is no parameter "${shown}". ${hint}`, {
    parameter: shown,
    ...(meant ? { nearest: meant } : {}),
    known: names,
  });
}

/** Refuses every parameter that the route has not declared: an unknown condition would be answered as if it were met. */
function requireDeclared(c: Context): void {
  const asked = queryOf(c);
  if (asked.size === 0) return;
  const declared = declaredBy(c);
  for (const name of asked.keys()) {
    if (declared.names.includes(name)) continue;
    if (!declared.columns || !name.startsWith(filterPrefix) || name === filterPrefix) throw unknown(name, declared);
    const column = name.slice(filterPrefix.length);
    if (!declared.columns.includes(column))
      throw Rows.unknownColumn(catalogueIn(c).get(c.req.param("dataset") ?? ""), column);
  }
}

/** Refuses undeclared query parameters. */
export const declaredQuery: MiddlewareHandler = (c, next) => {
  requireDeclared(c);
  return next();
};
