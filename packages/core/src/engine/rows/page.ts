import * as z from "zod";
import { VisibleError } from "../../platform/error/index.ts";
import { sortable } from "../../platform/moment/index.ts";
import { type DictionaryColumn, type Names, namedKinds, type Table } from "../table/index.ts";
import { match, type Selection, textOf, valueText } from "./select.ts";

/** What a column is sorted by: a text, a number, a truth; absent values come last, whichever way the order runs. */
type Label = string | number | boolean | undefined;

const collator = new Intl.Collator("en", { numeric: true });

const rankOfType = { number: 0, boolean: 1, string: 2 } as const;
const typeRank = (label: string | number | boolean): number => rankOfType[typeof label as keyof typeof rankOfType];

/** Moments without their `Z`, which compare by plain `<`. */
const compareMoments = (a: Label, b: Label): number => {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a < b ? -1 : a > b ? 1 : 0;
};

/** Ascending; a column that mixes numbers and texts has the numbers first. */
function compareLabels(a: Label, b: Label): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  if (typeof a === "string" && typeof b === "string") return collator.compare(a, b);
  return typeRank(a) - typeRank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

type Compare = (a: Label, b: Label) => number;

/** All rows in order. */
interface Ordered {
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

/** A longer text is looked up again by its row instead of travelling in the cursor. */
const longestLabel = 200;

/** The row that a page ended with: its key, and what it was sorted by (null: nothing). */
export const Last = z.object({
  key: z.union([z.string(), z.number()]),
  label: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
});
export type Last = z.output<typeof Last>;

const isDescending = (sort: string): boolean => sort.startsWith("-");
const columnOf = (sort: string): string => (isDescending(sort) ? sort.slice(1) : sort);

/** All rows in ascending order; kept with the version, since scrolling asks again and again. */
function ordered(table: Table, names: Names, column: string): Ordered {
  const encoded = table.encoded(column);
  const kind = table.columns[column]?.kind;
  const named = kind && namedKinds.includes(kind) && kind !== "division" && kind !== "hangar";
  const labelOf = (value: unknown): Label => {
    if (value === undefined) return undefined;
    if (named) return textOf(table, names, column, value);
    if (kind === "date" && typeof value === "string") return sortable(value);
    return typeof value === "object" ? valueText(value) : (value as Label);
  };
  return table.view.derive(`order:${column}:${named ? names.version : ""}`, () =>
    order(encoded, encoded.values.map(labelOf), kind === "date" ? compareMoments : compareLabels),
  );
}

/** A table in an order, either way. */
export class Sorted {
  readonly #table: Table;
  readonly #indices: Uint32Array;
  readonly #ordered: Ordered;
  readonly #descends: boolean;

  constructor(table: Table, names: Names, sort: string = table.dataset.sort) {
    this.#table = table;
    this.#indices = table.encoded(columnOf(sort)).indices;
    this.#ordered = ordered(table, names, columnOf(sort));
    this.#descends = isDescending(sort);
  }

  get length(): number {
    return this.#ordered.rows.length;
  }

  /** The row at a place of the order. */
  at(place: number): number {
    const { rows, present } = this.#ordered;
    return rows[this.#descends && place < present ? present - 1 - place : place] as number;
  }

  #label(row: number): Label {
    return this.#ordered.labels[this.#indices[row] as number];
  }

  last(row: number): Last {
    const label = this.#label(row) ?? null;
    const key = this.#table.view.keys[row] as string | number;
    return typeof label === "string" && label.length > longestLabel ? { key } : { key, label };
  }

  /** The first place behind a row that a page ended with, whatever has come or gone since. */
  placeAfter({ key, label }: Last): number {
    const last = this.#table.view.find(key);
    if (last < 0) {
      const message = "The row that the last page ended with is no longer there. Begin again without the cursor.";
      throw new VisibleError("validation", "rows.cursor_outdated", message);
    }
    const wanted = label === undefined ? this.#label(last) : (label ?? undefined);
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isAfter(this.at(middle), last, wanted)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #isAfter(row: number, last: number, wanted: Label): boolean {
    const own = this.#label(row);
    const compared = this.#ordered.compare(own, wanted);
    if (own === undefined || wanted === undefined) return compared > 0 || (compared === 0 && row > last);
    return this.#descends
      ? compared < 0 || (compared === 0 && row < last)
      : compared > 0 || (compared === 0 && row > last);
  }
}

export interface Found {
  /** Rows of the page, in order. */
  rows: number[];
  matched: number;
  /** Where the next page goes on; absent: this was the last one. */
  last?: Last;
}

/** A page of the rows that pass, in order, behind the row that the page before ended with. `hasRoom` says when it is full. */
export function page(
  table: Table,
  names: Names,
  selection: Selection & { sort?: string | undefined },
  { after, hasRoom }: { after?: Last | undefined; hasRoom: (row: number, count: number) => boolean },
): Found {
  const sorted = new Sorted(table, names, selection.sort);
  const marks = match(table, names, selection);
  let matched = 0;
  for (const mark of marks) matched += mark;
  const rows: number[] = [];
  for (let place = after ? sorted.placeAfter(after) : 0; place < sorted.length; place += 1) {
    const row = sorted.at(place);
    if (!marks[row]) continue;
    if (!hasRoom(row, rows.length)) return { rows, matched, last: sorted.last(rows.at(-1) as number) };
    rows.push(row);
  }
  return { rows, matched };
}
