import * as Names from "../names/index.ts";
import { eachRow } from "./each-row.ts";
import type { FetchContext, Row, View } from "./index.ts";

/** Id column -> the column that says what the id is called. */
export type NameColumns = Readonly<Record<string, string>>;

const knownNames = (columns: NameColumns) => (view: View) => {
  const names = new Map<number, string>();
  for (const [id, name] of Object.entries(columns)) {
    for (let at = 0; at < view.length; at += 1) {
      const value = view.value(name, at);
      if (value !== undefined) names.set(view.value(id, at) as number, value as string);
    }
  }
  return names;
};

/** The rows with names beside the ids of characters, corporations, alliances and factions; ESI is asked for new ids only. */
export async function withNames(rows: readonly Row[], columns: NameColumns, context: FetchContext): Promise<Row[]> {
  const known = (await context.previous()).derive("names", knownNames(columns));
  const ids = rows.flatMap((row) => Object.keys(columns).map((column) => row?.[column]));
  // ESI writes 0 where there is nobody.
  const unknown = ids.filter((id): id is number => typeof id === "number" && id > 0 && !known.has(id));
  const found = await Names.resolve(unknown);
  return eachRow(rows, (row) => {
    const named = { ...row };
    for (const [column, nameColumn] of Object.entries(columns)) {
      const id = row[column] as number;
      const name = known.get(id) ?? found.get(id);
      if (name !== undefined) named[nameColumn] = name;
    }
    return named;
  });
}
