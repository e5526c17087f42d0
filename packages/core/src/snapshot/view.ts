import type { Column, Columns, Row } from "./columns.ts";

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

/** Ascending order of keys: numbers before texts, so that any mix has one order. */
export const compareKeys = (a: Key, b: Key): number => {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

function keysOf(shape: Shape, columns: Columns, length: number): Key[] {
  const [only = "", ...more] = shape.key;
  const column = columns[only] ?? [];
  // Nearly every large collection has one numeric key: then its column is the list of keys.
  if (more.length === 0 && column.every((value) => typeof value === "number")) return column as number[];
  return Array.from({ length }, (_, at) => keyOf(shape, (name) => columns[name]?.[at]));
}

const isAscending = (keys: readonly Key[]): boolean => {
  for (let at = 1; at < keys.length; at += 1) if (compareKeys(keys[at - 1] as Key, keys[at] as Key) >= 0) return false;
  return true;
};

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

export function toColumns(shape: Shape, rows: readonly Row[]): Columns {
  const columnize = columnizers.get(shape) ?? compile(shape);
  columnizers.set(shape, columnize);
  const columns = columnize(rows);
  return Object.fromEntries(shape.columns.map((name, index) => [name, columns[index] as Column]));
}

function sorted(rows: readonly Row[], keys: readonly Key[]): Row[] {
  const byKey = new Map<Key, Row>();
  for (let at = 0; at < keys.length; at += 1) byKey.set(keys[at] as Key, rows[at] as Row);
  const unique = [...byKey.keys()];
  const ascending = unique.every((key) => typeof key === "number")
    ? Array.from(Float64Array.from(unique).sort())
    : unique.sort(compareKeys);
  return ascending.map((key) => byKey.get(key) as Row);
}

/** A view of rows in any order; of two with one key the last one counts. `rows` comes back in the order of the view. */
export function fromRows(shape: Shape, rows: readonly Row[], version: number): { view: View; rows: readonly Row[] } {
  const columns = toColumns(shape, rows);
  const keys = keysOf(shape, columns, rows.length);
  if (isAscending(keys)) return { view: new View(shape, version, columns, rows.length), rows };
  const ordered = sorted(rows, keys);
  return { view: new View(shape, version, toColumns(shape, ordered), ordered.length), rows: ordered };
}
