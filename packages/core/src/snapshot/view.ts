import type { Column, Columns, Row } from "./columns.ts";
import { isAscending, orderOf } from "./order.ts";

/** How a collection's rows look: its columns and the ones that together name a row. */
export interface Shape {
  columns: readonly string[];
  key: readonly string[];
}

export type Key = string | number;

/** The key of a row: a lone numeric column stays a number, anything else becomes a text joined by `|`. */
export const keyOf = (shape: Shape, value: (column: string) => unknown): Key => {
  const only = shape.key.length === 1 ? value(shape.key[0] as string) : undefined;
  if (typeof only === "number") return only;
  return shape.key.map((column) => String(value(column) ?? "")).join("|");
};

/** One whole version of a collection, by column, rows in ascending order of their keys. Never changed once made. */
export class View {
  readonly shape: Shape;
  readonly version: number;
  readonly columns: Columns;
  readonly length: number;
  #keys: Key[] | undefined;
  #derived = new Map<string, unknown>();

  constructor(shape: Shape, version: number, columns: Columns, length: number) {
    this.shape = shape;
    this.version = version;
    this.columns = columns;
    this.length = length;
  }

  static empty(shape: Shape): View {
    return new View(shape, 0, Object.fromEntries(shape.columns.map((name) => [name, []])), 0);
  }

  value(column: string, index: number): unknown {
    return this.columns[column]?.[index] ?? undefined;
  }

  /** Row `index` as an object; absent values are left out, as ESI leaves them out. */
  row(index: number): Row {
    const row: Row = {};
    for (const name of this.shape.columns) {
      const value = this.columns[name]?.[index];
      if (value !== null && value !== undefined) row[name] = value;
    }
    return row;
  }

  rows(): Row[] {
    return Array.from({ length: this.length }, (_, index) => this.row(index));
  }

  get keys(): Key[] {
    this.#keys ??= keysOf(this.shape, this.columns, this.length);
    return this.#keys;
  }

  /** Something computed from this version (an index, a sum), kept as long as the version is. */
  derive<T>(name: string, compute: (view: View) => T): T {
    if (!this.#derived.has(name)) this.#derived.set(name, compute(this));
    return this.#derived.get(name) as T;
  }

  /** Position of the row with this key, or -1. */
  find(key: Key): number {
    const positions = this.derive("positions", (view) => new Map(view.keys.map((each, index) => [each, index])));
    return positions.get(key) ?? -1;
  }
}

function keysOf(shape: Shape, columns: Columns, length: number): Key[] {
  const [only = "", ...more] = shape.key;
  const column = columns[only] ?? [];
  // Nearly every large collection has one numeric key: then its column is the list of keys.
  if (more.length === 0 && column.every((value) => typeof value === "number")) return column as number[];
  return Array.from({ length }, (_, at) => keyOf(shape, (name) => columns[name]?.[at]));
}

type Columnizer = (rows: readonly Row[]) => Column[];

const columnizers = new WeakMap<Shape, Columnizer>();

/**
 * Turns rows into columns by code that names each property. V8 finds a property that is named in the code by its inline
 * cache, and one that a variable names by a look-up in each row: six times slower over 100,000 rows (measured). The names
 * are those of a declared schema, written as JSON strings.
 */
function compile({ columns }: Shape): Columnizer {
  const lines = columns.map((name, index) => `c${index}[at] = row[${JSON.stringify(name)}] ?? null;`);
  return new Function(
    "rows",
    `const n = rows.length;
     ${columns.map((_, index) => `const c${index} = new Array(n);`).join("")}
     for (let at = 0; at < n; at += 1) { const row = rows[at]; ${lines.join("")} }
     return [${columns.map((_, index) => `c${index}`).join()}];`,
  ) as Columnizer;
}

/** Rows by column, in any order: what a fetch hands to a commit. */
export interface Table {
  columns: Columns;
  length: number;
}

export function tableOf(shape: Shape, rows: readonly Row[]): Table {
  const columnize = columnizers.get(shape) ?? compile(shape);
  columnizers.set(shape, columnize);
  const columns = columnize(rows);
  return {
    columns: Object.fromEntries(shape.columns.map((name, index) => [name, columns[index] as Column])),
    length: rows.length,
  };
}

/** Several tables as one, in their order. */
export function join(shape: Shape, tables: readonly Table[]): Table {
  const [only] = tables;
  if (only && tables.length === 1) return only;
  const whole = (name: string) => ([] as Column).concat(...tables.map(({ columns }) => columns[name] as Column));
  return {
    columns: Object.fromEntries(shape.columns.map((name) => [name, whole(name)])),
    length: tables.reduce((sum, table) => sum + table.length, 0),
  };
}

/*
 * The same loop twice, on purpose: V8 keeps an array of numbers unboxed, and one loop that sees numbers as well as texts
 * would put each number into a box of its own (a third of an import's garbage, measured).
 */

function pickNumbers(column: readonly number[], order: Uint32Array): number[] {
  const picked: number[] = new Array(order.length);
  for (let at = 0; at < order.length; at += 1) picked[at] = column[order[at] as number] as number;
  return picked;
}

function pickAny(column: Column, order: Uint32Array): Column {
  const picked: Column = new Array(order.length);
  for (let at = 0; at < order.length; at += 1) picked[at] = column[order[at] as number];
  return picked;
}

const pick = (column: Column, order: Uint32Array): Column =>
  column.every((value) => typeof value === "number") ? pickNumbers(column as number[], order) : pickAny(column, order);

/** The same rows in ascending order of their keys; of two with one key the last one counts. */
export function inOrder(shape: Shape, table: Table): Table {
  const { columns, length } = table;
  const keys = keysOf(shape, columns, length);
  if (isAscending(keys)) return table;
  const order = orderOf(keys);
  const ordered = Object.entries(columns).map(([name, column]) => [name, pick(column, order)]);
  return { columns: Object.fromEntries(ordered), length: order.length };
}

/** A version of rows in any order. */
export function viewOf(shape: Shape, table: Table, version: number): View {
  const { columns, length } = inOrder(shape, table);
  return new View(shape, version, columns, length);
}
