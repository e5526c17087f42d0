import * as z from "zod";
import { longest as longestCursor } from "../../platform/cursor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import type { Table } from "../table/index.ts";
import { type Names, namedKinds, withNestedNames } from "../table/index.ts";
import { pageOf, Query } from "./query.ts";

export { longest as longestCursor } from "../../platform/cursor/index.ts";
export { columnNames, unknownColumn } from "../table/index.ts";
export { Facet, facets } from "./facets.ts";
export { csv } from "./file.ts";
export { Query } from "./query.ts";

/** Rows a page holds at most. */
export const maxLimit = 500;
const defaultLimit = 100;

export const Row = z.record(z.string(), z.unknown());

export const Page = z.object({
  rows: z.array(Row),
  meta: z.object({
    total: z.int(),
    matched: z.int(),
    version: z.int(),
    nextCursor: z.string().optional(),
  }),
});
export type Page = z.infer<typeof Page>;

/** A row for people: every shown column by its key, and `<key>_name` beside ids that have a name, nested ones as well. */
function present({ columns, encoded }: Table, names: Names, at: number): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [column, { kind }] of Object.entries(columns)) {
    const { indices, values } = encoded(column);
    const value = values[indices[at] as number];
    if (value === undefined) continue;
    row[column] = typeof value === "object" ? withNestedNames(value, names) : value;
    if (!namedKinds.includes(kind)) continue;
    const name = names.of(kind, value as number);
    if (name !== undefined) row[`${column}_name`] = name;
  }
  return row;
}

/** A page of a dataset's rows: filtered, searched, sorted. Every reader of the owner may ask. */
export const list = fn(
  Query.extend({
    cursor: z.string().max(longestCursor).optional(),
    limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  }),
  async ({ cursor, limit, ...query }): Promise<Page> => {
    const { table, names, found, nextCursor } = await pageOf("rows", query, cursor, () => (_, count) => count < limit);
    return {
      rows: found.rows.map((at) => present(table, names, at)),
      meta: {
        total: table.view.length,
        matched: found.matched,
        version: table.view.version,
        ...(nextCursor ? { nextCursor } : {}),
      },
    };
  },
);
