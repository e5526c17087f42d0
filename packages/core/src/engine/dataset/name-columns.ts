import { EsiError } from "../../eve/esi/index.ts";
import * as Names from "../../eve/names/index.ts";
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

/** Ids alone as rows. What is no id is handed on as it came, for the schema to set aside. */
export const rowsOfIds = (ids: readonly unknown[], column: string): Row[] =>
  ids.map((id) => (typeof id === "number" ? { [column]: id } : (id as Row)));

const unnamed = new WeakSet<readonly Row[]>();

/** ESI did not say what some of these are called: they are asked for again, in full, once they have expired. */
export const lacksNames = (rows: readonly Row[]): boolean => unnamed.has(rows);

const none: Names.Named = { names: new Map(), isIncomplete: true, cost: 0 };

/** Names of new ids. None while ESI gives none: what they belong to has been read, and is not thrown away for that. */
async function namesOf(ids: readonly number[], resolve: Names.Resolve): Promise<Names.Named> {
  try {
    return await resolve(ids);
  } catch (error) {
    if (error instanceof EsiError) return none;
    throw error;
  }
}

/**
 * The rows with names beside the ids of characters, corporations, alliances and factions (or of what `resolve` names); ESI
 * is asked for new ids only.
 */
export async function withNames(
  rows: readonly Row[],
  columns: NameColumns,
  context: FetchContext,
  resolve = Names.resolve,
): Promise<Row[]> {
  const known = (await context.previous()).derive("names", knownNames(columns));
  const ids = rows.flatMap((row) => Object.keys(columns).map((column) => row?.[column]));
  // ESI writes 0 where there is nobody.
  const unknown = ids.filter((id): id is number => typeof id === "number" && id > 0 && !known.has(id));
  const found = await namesOf(unknown, resolve);
  const named = eachRow(rows, (row) => {
    const full = { ...row };
    for (const [column, nameColumn] of Object.entries(columns)) {
      const id = row[column] as number;
      const name = known.get(id) ?? found.names.get(id)?.name;
      if (name !== undefined) full[nameColumn] = name;
    }
    return full;
  });
  if (found.isIncomplete) unnamed.add(named);
  return named;
}

/** The rows with the names of their planets. */
export const withPlanets = (rows: readonly Row[], context: FetchContext): Promise<Row[]> =>
  withNames(rows, { planet_id: "planet" }, context, Names.planets);

/** The rows with the names of their moons. */
export const withMoons = (rows: readonly Row[], context: FetchContext): Promise<Row[]> =>
  withNames(rows, { moon_id: "moon" }, context, Names.moons);
