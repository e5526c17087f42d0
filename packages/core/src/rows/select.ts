import { canonical, instantOf, sortable } from "../moment/index.ts";
import { extend, order, restrict } from "./codes.ts";
import { type Names, namedKinds } from "./names.ts";
import type { Table } from "./table.ts";

export interface Selection {
  search?: string | undefined;
  /** Column, descending with a leading `-`. */
  sort?: string | undefined;
  filters: Readonly<Record<string, string>>;
}

/** What a person reads in a cell: the name of an id, the value itself otherwise. */
export function textOf(table: Table, names: Names, column: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const kind = table.columns[column]?.kind;
  if (kind && namedKinds.includes(kind)) return names.of(kind, value as number) ?? String(value);
  return String(value);
}

/** The lower-case texts of a column's distinct values: made once for each version, since every search reads them. */
function textsOf(table: Table, names: Names, column: string): string[] {
  return table.view.derive(`texts:${column}:${names.version}`, () =>
    table.codes(column).values.map((value) => textOf(table, names, column, value)?.toLowerCase() ?? ""),
  );
}

const searchable: readonly string[] = ["text", "enum", "type", "character", "party", "location", "system"];

function search(table: Table, names: Names, text: string): Uint8Array {
  const wanted = text.toLowerCase();
  const marks = new Uint8Array(table.view.length);
  for (const [column, { kind }] of Object.entries(table.columns)) {
    if (!searchable.includes(kind)) continue;
    const texts = textsOf(table, names, column);
    extend(marks, table.codes(column), (_, code) => (texts[code] as string).includes(wanted));
  }
  return marks;
}

/** `a,b`: one of several values; a name stands for the ids that bear it. */
const matcher = (table: Table, names: Names, column: string, filter: string) => {
  const isDate = table.columns[column]?.kind === "date";
  const wanted = new Set(
    filter.split(",").map((each) => {
      const text = each.trim();
      return ((isDate && canonical(text)) || text).toLowerCase();
    }),
  );
  const texts = textsOf(table, names, column);
  return (value: unknown, code: number) =>
    value !== undefined && (wanted.has(String(value).toLowerCase()) || wanted.has(texts[code] as string));
};

function inPeriod(marks: Uint8Array, table: Table): void {
  const { dateColumn } = table.dataset;
  const { from = "", to = "~" } = table.period;
  const [first, last] = [sortable(from), sortable(to)];
  if (!dateColumn || (from === "" && to === "~")) return;
  restrict(marks, table.codes(dateColumn), (value) => {
    const moment = typeof value === "string" && sortable(value);
    return moment !== false && moment >= first && moment <= last;
  });
}

/** Positions of the rows that pass, unordered: 1 in the result marks a row. */
export function match(table: Table, names: Names, selection: Selection): Uint8Array {
  const text = selection.search?.trim();
  const marks = text ? search(table, names, text) : new Uint8Array(table.view.length).fill(1);
  for (const [column, filter] of Object.entries(selection.filters)) {
    restrict(marks, table.codes(column), matcher(table, names, column, filter));
  }
  inPeriod(marks, table);
  return marks;
}

interface Ordered {
  rows: Uint32Array;
  /** How many have a value: they come first, whichever way the order runs. */
  present: number;
}

/** All rows in ascending order; kept with the version, since scrolling asks again and again. */
function ordered(table: Table, names: Names, column: string): Ordered {
  const coded = table.codes(column);
  const kind = table.columns[column]?.kind;
  const named = kind && namedKinds.includes(kind) && kind !== "division" && kind !== "hangar";
  const labelOf = (value: unknown): unknown => {
    if (named) return textOf(table, names, column, value);
    return kind === "date" && typeof value === "string" ? instantOf(value) : value;
  };
  return table.view.derive(`order:${column}:${named ? names.version : ""}`, () => {
    const rows = order(coded, labelOf);
    const absent = coded.values.indexOf(undefined);
    return { rows, present: rows.length - coded.codes.filter((code) => code === absent).length };
  });
}

/** The rows `offset` to `offset + limit` of those that pass, in order, and how many pass. */
export function page(table: Table, names: Names, selection: Selection, offset: number, limit: number) {
  const sort = selection.sort ?? table.dataset.sort;
  const descending = sort.startsWith("-");
  const { rows, present } = ordered(table, names, descending ? sort.slice(1) : sort);
  const marks = match(table, names, selection);
  const found: number[] = [];
  let matched = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[descending && index < present ? present - 1 - index : index] as number;
    if (!marks[row]) continue;
    if (matched >= offset && found.length < limit) found.push(row);
    matched += 1;
  }
  return { found, matched };
}
