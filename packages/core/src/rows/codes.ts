import type { View } from "../snapshot/index.ts";

/** A column as codes into its distinct values: a filter then judges each value once and scans small integers. */
export interface Coded {
  codes: Uint32Array;
  values: unknown[];
}

/** What is nested in a row is one value with all that looks the same. */
const identity = (value: unknown): unknown => (typeof value === "object" ? JSON.stringify(value) : value);

export function encode(column: readonly unknown[]): Coded {
  const codes = new Uint32Array(column.length);
  const known = new Map<unknown, number>();
  const values: unknown[] = [];
  for (let index = 0; index < column.length; index += 1) {
    const value = column[index] ?? undefined;
    const id = identity(value);
    let code = known.get(id);
    if (code === undefined) {
      code = values.length;
      known.set(id, code);
      values.push(value);
    }
    codes[index] = code;
  }
  return { codes, values };
}

/** The column with another value in place of each; the same where none differs. */
export function recoded(coded: Coded, turn: (value: unknown) => unknown): Coded {
  const turned = coded.values.map(turn);
  if (turned.every((value, code) => value === coded.values[code])) return coded;
  const { codes, values } = encode(turned);
  return { codes: coded.codes.map((code) => codes[code] as number), values };
}

/** The column's codes, computed once for each version. */
export const coded = (view: View, column: string): Coded =>
  view.derive(`codes:${column}`, (each) => encode(each.columns[column] ?? []));

/** Marks the rows whose value passes: 1 in `marks` stays 1 only if the verdict on its value is 1. */
export function restrict(marks: Uint8Array, { codes }: Coded, verdicts: Uint8Array): void {
  if (!verdicts.includes(0)) return;
  for (let index = 0; index < marks.length; index += 1)
    marks[index] = (marks[index] as number) & (verdicts[codes[index] as number] as number);
}

/** Marks the rows whose value passes, in addition to those already marked. */
export function extend(marks: Uint8Array, { codes }: Coded, verdicts: Uint8Array): void {
  if (!verdicts.includes(1)) return;
  for (let index = 0; index < marks.length; index += 1)
    marks[index] = (marks[index] as number) | (verdicts[codes[index] as number] as number);
}
