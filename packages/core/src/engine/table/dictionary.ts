import type { View } from "../../snapshot/index.ts";

/**
 * A column in dictionary encoding (Arrow's and Parquet's word): the value of row `n` is `values[indices[n]]`. A filter
 * tests each distinct value once and then scans small integers.
 */
export interface DictionaryColumn {
  indices: Uint32Array;
  /** The distinct values, in the order in which rows first have them; absent values are `undefined`. */
  values: unknown[];
}

/** Nested values are the same if they look the same as JSON. */
const identity = (value: unknown): unknown => (typeof value === "object" ? JSON.stringify(value) : value);

/**
 * Encodes a column; null counts as absent.
 * @example encode(["a", "b", "a"]) // { indices: [0, 1, 0], values: ["a", "b"] }
 */
export function encode(column: readonly unknown[]): DictionaryColumn {
  const indices = new Uint32Array(column.length);
  const known = new Map<unknown, number>();
  const values: unknown[] = [];
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] ?? undefined;
    const id = identity(value);
    let index = known.get(id);
    if (index === undefined) {
      index = values.length;
      known.set(id, index);
      values.push(value);
    }
    indices[row] = index;
  }
  return { indices, values };
}

/** The column with another value in place of each; the same object if no value differs. */
export function mapValues(column: DictionaryColumn, map: (value: unknown) => unknown): DictionaryColumn {
  const mapped = column.values.map(map);
  if (mapped.every((value, index) => value === column.values[index])) return column;
  const { indices, values } = encode(mapped);
  return { indices: column.indices.map((index) => indices[index] as number), values };
}

/** A stored column, encoded once for each version. */
export const encodedColumn = (view: View, column: string): DictionaryColumn =>
  view.derive(`dictionary:${column}`, (each) => encode(each.columns[column] ?? []));

/** Clears the mark of every row whose value does not pass; `verdicts` has 1 for each of the values that does. */
export function restrict(marks: Uint8Array, { indices }: DictionaryColumn, verdicts: Uint8Array): void {
  if (!verdicts.includes(0)) return;
  for (let row = 0; row < marks.length; row += 1)
    marks[row] = (marks[row] as number) & (verdicts[indices[row] as number] as number);
}

/** Marks the rows whose value passes, in addition to those that are marked already. */
export function extend(marks: Uint8Array, { indices }: DictionaryColumn, verdicts: Uint8Array): void {
  if (!verdicts.includes(1)) return;
  for (let row = 0; row < marks.length; row += 1)
    marks[row] = (marks[row] as number) | (verdicts[indices[row] as number] as number);
}
