import type { Columns, Row } from "./columns.ts";

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
    this.#keys ??= Array.from({ length: this.length }, (_, index) =>
      keyOf(this.shape, (column) => this.columns[column]?.[index]),
    );
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

/** Ascending order of keys: numbers before texts, so that any mix has one order. */
export const compareKeys = (a: Key, b: Key): number => {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Incoming rows with their keys in ascending order; of two with one key the last one counts. */
export interface Incoming {
  keys: Key[];
  rows: Row[];
}

const isAscending = (keys: readonly Key[]): boolean => {
  for (let at = 1; at < keys.length; at += 1) if (compareKeys(keys[at - 1] as Key, keys[at] as Key) >= 0) return false;
  return true;
};

function keysOf(shape: Shape, rows: readonly Row[]): Key[] {
  const [only = "", ...more] = shape.key;
  // Nearly every large collection has one numeric key: no call for each of its rows.
  if (more.length === 0 && rows.every((row) => typeof row[only] === "number"))
    return rows.map((row) => row[only] as number);
  return rows.map((row) => keyOf(shape, (column) => row[column]));
}

export function index(shape: Shape, rows: readonly Row[]): Incoming {
  const keys = keysOf(shape, rows);
  if (isAscending(keys)) return { keys, rows: [...rows] };
  const byKey = new Map<Key, Row>();
  for (let at = 0; at < keys.length; at += 1) byKey.set(keys[at] as Key, rows[at] as Row);
  const unique = [...byKey.keys()];
  const sorted = unique.every((key) => typeof key === "number")
    ? Array.from(Float64Array.from(unique).sort())
    : unique.sort(compareKeys);
  return { keys: sorted, rows: sorted.map((key) => byKey.get(key) as Row) };
}

/** Builds columns from rows. */
export function toColumns(shape: Shape, rows: readonly Row[]): Columns {
  const columns: Columns = {};
  for (const name of shape.columns) {
    const column = new Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) column[at] = (rows[at] as Row)[name] ?? null;
    columns[name] = column;
  }
  return columns;
}
