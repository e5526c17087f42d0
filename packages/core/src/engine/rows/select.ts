import { fold } from "../../platform/fold/index.ts";
import { canonical, sortable } from "../../platform/moment/index.ts";
import type { Table } from "../table/index.ts";
import { type DictionaryColumn, extend, type Names, namedKinds, restrict } from "../table/index.ts";

export interface Selection {
  search?: string | undefined;
  /** For each column the values of which a row must have one. */
  filters: Readonly<Record<string, string | readonly string[]>>;
  /** Columns in which a row may also have no value at all. */
  absent?: readonly string[] | undefined;
}

/** A value as a filter names it, and as a facet tells it. */
export const valueText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

/** What a person reads in a cell: the name of an id, the value itself otherwise. */
export function textOf(table: Table, names: Names, column: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const kind = table.columns[column]?.kind;
  if (kind && namedKinds.includes(kind)) return names.of(kind, value as number) ?? String(value);
  return valueText(value);
}

/** The texts of a column's distinct values, and how searches compare them: made once for each version. */
function textsOf(table: Table, names: Names, column: string): { plain: string[]; folded: string[] } {
  return table.view.derive(`texts:${column}:${names.version}`, () => {
    const plain = table.encoded(column).values.map((value) => textOf(table, names, column, value) ?? "");
    return { plain, folded: plain.map(fold) };
  });
}

const searchable: readonly string[] = ["text", "enum", "type", "character", "party", "location", "system"];

function search(table: Table, names: Names, text: string): Uint8Array {
  const wanted = fold(text);
  const marks = new Uint8Array(table.view.length);
  for (const [column, { kind }] of Object.entries(table.columns)) {
    if (!searchable.includes(kind)) continue;
    const { folded } = textsOf(table, names, column);
    extend(
      marks,
      table.encoded(column),
      Uint8Array.from(folded, (each) => (each.includes(wanted) ? 1 : 0)),
    );
  }
  return marks;
}

/** Verdicts on the values that are exactly one of these; takes those that were found out of `wanted`. */
function exactly(values: readonly unknown[], wanted: Set<string>): Uint8Array {
  const verdicts = new Uint8Array(values.length);
  const numbers = new Map([...wanted].flatMap((text) => (String(Number(text)) === text ? [[Number(text), text]] : [])));
  const found = new Set<string>();
  values.forEach((value, code) => {
    if (value === undefined) return;
    const text = typeof value === "number" ? numbers.get(value) : valueText(value);
    if (text === undefined || !wanted.has(text)) return;
    verdicts[code] = 1;
    found.add(text);
  });
  for (const text of found) wanted.delete(text);
  return verdicts;
}

/** Adds the values whose text is one of these; takes those that were found out of `wanted`. */
function byText(
  verdicts: Uint8Array,
  texts: readonly string[],
  { values }: DictionaryColumn,
  wanted: Set<string>,
): void {
  const found = new Set<string>();
  texts.forEach((text, code) => {
    if (values[code] === undefined || !wanted.has(text)) return;
    verdicts[code] = 1;
    found.add(text);
  });
  for (const text of found) wanted.delete(text);
}

/**
 * Which of a column's values a filter means. A value that is exactly what was asked for is all that is meant, so that a
 * filter finds as many rows as the facet counts. Else a name stands for the ids that bear it, and last a text for those
 * that fold to the same.
 */
function meant(table: Table, names: Names, column: string, filter: string | readonly string[]): Uint8Array {
  const encoded = table.encoded(column);
  const wanted = new Set(typeof filter === "string" ? [filter] : filter);
  const verdicts = exactly(encoded.values, wanted);
  const kind = table.columns[column]?.kind ?? "";
  // A moment in any form means the one that is stored.
  if (kind === "date")
    byText(verdicts, encoded.values.map(String), encoded, new Set([...wanted].map((text) => canonical(text) ?? text)));
  const hasTexts = searchable.includes(kind) || kind === "boolean" || (namedKinds as readonly string[]).includes(kind);
  if (wanted.size === 0 || !hasTexts) return verdicts;
  const { plain, folded } = textsOf(table, names, column);
  byText(verdicts, plain, encoded, wanted);
  if (wanted.size > 0) byText(verdicts, folded, encoded, new Set([...wanted].map(fold)));
  return verdicts;
}

function inPeriod(marks: Uint8Array, table: Table): void {
  const { dateColumn } = table.dataset;
  const { from = "", to = "~" } = table.period;
  const [first, last] = [sortable(from), sortable(to)];
  if (!dateColumn || (from === "" && to === "~")) return;
  const encoded = table.encoded(dateColumn);
  const passes = (value: unknown): boolean => {
    const moment = typeof value === "string" && sortable(value);
    return moment !== false && moment >= first && moment <= last;
  };
  restrict(
    marks,
    encoded,
    Uint8Array.from(encoded.values, (value) => (passes(value) ? 1 : 0)),
  );
}

/** Positions of the rows that pass, unordered: 1 in the result marks a row. */
export function match(table: Table, names: Names, { search: searched, filters, absent = [] }: Selection): Uint8Array {
  const text = searched?.trim();
  const marks = text ? search(table, names, text) : new Uint8Array(table.view.length).fill(1);
  for (const column of new Set([...Object.keys(filters), ...absent])) {
    const encoded = table.encoded(column);
    const verdicts = meant(table, names, column, filters[column] ?? []);
    const none = encoded.values.indexOf(undefined);
    if (none >= 0 && absent.includes(column)) verdicts[none] = 1;
    restrict(marks, encoded, verdicts);
  }
  inPeriod(marks, table);
  return marks;
}
