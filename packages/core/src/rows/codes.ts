import type { View } from "../snapshot/index.ts";

/** A column as codes into its distinct values: a filter then judges each value once and scans small integers. */
export interface Coded {
  codes: Uint32Array;
  values: unknown[];
}

export function encode(column: readonly unknown[]): Coded {
  const codes = new Uint32Array(column.length);
  const known = new Map<unknown, number>();
  const values: unknown[] = [];
  for (let index = 0; index < column.length; index += 1) {
    const value = column[index] ?? undefined;
    let code = known.get(value);
    if (code === undefined) {
      code = values.length;
      known.set(value, code);
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

/** Judges one of a column's distinct values. */
type Passes = (value: unknown, code: number) => boolean;

const judge = ({ values }: Coded, passes: Passes): Uint8Array =>
  Uint8Array.from(values, (value, code) => (passes(value, code) ? 1 : 0));

/** Marks the rows whose value passes: 1 in `marks` stays 1 only if it does. */
export function restrict(marks: Uint8Array, coded: Coded, passes: Passes): void {
  const { codes } = coded;
  const verdicts = judge(coded, passes);
  if (!verdicts.includes(0)) return;
  for (let index = 0; index < marks.length; index += 1)
    marks[index] = (marks[index] as number) & (verdicts[codes[index] as number] as number);
}

/** Marks the rows whose value passes, in addition to those already marked. */
export function extend(marks: Uint8Array, coded: Coded, passes: Passes): void {
  const { codes } = coded;
  const verdicts = judge(coded, passes);
  if (!verdicts.includes(1)) return;
  for (let index = 0; index < marks.length; index += 1)
    marks[index] = (marks[index] as number) | (verdicts[codes[index] as number] as number);
}

const compare = (a: unknown, b: unknown): number => {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  if (typeof a === "string" && typeof b === "string") return a.localeCompare(b, "en", { numeric: true });
  return (a as number) < (b as number) ? -1 : 1;
};

/** All rows in ascending order of `label` of their value; absent values last. A counting sort: each distinct value is compared, not each row. */
export function order({ codes, values }: Coded, label: (value: unknown) => unknown): Uint32Array {
  const labels = values.map((value) => (value === undefined ? undefined : label(value)));
  const byLabel = values.map((_, code) => code).sort((a, b) => compare(labels[a], labels[b]));
  const starts = new Uint32Array(values.length + 1);
  for (const code of codes) starts[code] = (starts[code] as number) + 1;
  let next = 0;
  for (const code of byLabel) {
    const count = starts[code] as number;
    starts[code] = next;
    next += count;
  }
  const ordered = new Uint32Array(codes.length);
  codes.forEach((code, row) => {
    const at = starts[code] as number;
    ordered[at] = row;
    starts[code] = at + 1;
  });
  return ordered;
}
