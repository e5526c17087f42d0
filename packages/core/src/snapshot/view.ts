import type { Columns, Row, Table } from "./series.ts";
import { type Key, keyOf, type Shape } from "./shape.ts";
import { columnsOf, inOrder, tableFrom } from "./table.ts";

/** One whole version of a collection, by column, rows in ascending order of their keys. Never changed once made. */
export class View {
  readonly shape: Shape;
  readonly version: number;
  readonly length: number;
  #columns: Columns | undefined;
  #table: Table | undefined;
  #keys: Key[] | undefined;
  #derived = new Map<string, unknown>();

  private constructor(shape: Shape, version: number, length: number) {
    this.shape = shape;
    this.version = version;
    this.length = length;
  }

  static ofColumns(shape: Shape, version: number, columns: Columns, length: number): View {
    const view = new View(shape, version, length);
    view.#columns = columns;
    return view;
  }

  /** Of rows that are in order. */
  static ofTable(shape: Shape, version: number, table: Table): View {
    const view = new View(shape, version, table.length);
    view.#table = table;
    return view;
  }

  static empty(shape: Shape): View {
    return View.ofColumns(shape, 0, Object.fromEntries(shape.columns.map((name) => [name, []])), 0);
  }

  /** A version that was just fetched is written and often never looked at: its columns are made when somebody does. */
  get columns(): Columns {
    if (!this.#columns) {
      this.#columns = columnsOf(this.#table as Table);
      // One of the two is enough to keep in memory.
      this.#table = undefined;
    }
    return this.#columns;
  }

  /** As it is packed. */
  get table(): Table {
    return this.#table ?? tableFrom(this.columns, this.length);
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

/** A version of rows in any order. */
export const viewOf = (shape: Shape, table: Table, version: number): View =>
  View.ofTable(shape, version, inOrder(shape, table));
