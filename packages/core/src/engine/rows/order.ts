import type { DictionaryColumn } from "../table/index.ts";

/** What a column is sorted by: a text, a number, a truth; absent values come last, whichever way the order runs. */
export type Label = string | number | boolean | undefined;

const collator = new Intl.Collator("en", { numeric: true });

const rankOfType = { number: 0, boolean: 1, string: 2 } as const;
const typeRank = (label: string | number | boolean): number => rankOfType[typeof label as keyof typeof rankOfType];

/** Moments without their `Z`, which compare by plain `<`. */
export const compareMoments = (a: Label, b: Label): number => {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Ascending; a column that mixes numbers and texts has the numbers first. */
export function compareLabels(a: Label, b: Label): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  if (typeof a === "string" && typeof b === "string") return collator.compare(a, b);
  return typeRank(a) - typeRank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

export type Compare = (a: Label, b: Label) => number;

/** All rows in order. */
export interface Ordered {
  compare: Compare;
  /** Ascending by label; rows of the same label in their own order, and those without one last. */
  rows: Uint32Array;
  /** How many have a label. */
  present: number;
  /** Of each of the column's distinct values, by its index. */
  labels: readonly Label[];
}

/** Numbers the distinct values by label: those that compare as equal share a rank, so that only a row's own place parts them. */
function ranksOf(labels: readonly Label[], compare: Compare): Uint32Array {
  const sorted = labels.map((_, code) => code).sort((a, b) => compare(labels[a], labels[b]));
  const ranks = new Uint32Array(labels.length);
  let rank = 0;
  sorted.forEach((code, at) => {
    const before = sorted[at - 1];
    if (before !== undefined && compare(labels[before], labels[code]) !== 0) rank += 1;
    ranks[code] = rank;
  });
  return ranks;
}

/** A counting sort: each distinct value is compared, not each row. */
export function order(
  { indices }: DictionaryColumn,
  labels: readonly Label[],
  compare: Compare = compareLabels,
): Ordered {
  const ranks = ranksOf(labels, compare);
  const starts = new Uint32Array(labels.length + 1);
  let present = 0;
  for (const code of indices) {
    (starts[(ranks[code] as number) + 1] as number) += 1;
    if (labels[code] !== undefined) present += 1;
  }
  for (let rank = 1; rank < starts.length; rank += 1) (starts[rank] as number) += starts[rank - 1] as number;
  const rows = new Uint32Array(indices.length);
  for (let row = 0; row < indices.length; row += 1) {
    const rank = ranks[indices[row] as number] as number;
    rows[starts[rank] as number] = row;
    (starts[rank] as number) += 1;
  }
  return { rows, present, labels, compare };
}
