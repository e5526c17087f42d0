import * as z from "zod";
import { VisibleError } from "../../platform/error/index.ts";
import { sortable } from "../../platform/moment/index.ts";
import type { Table } from "../table/index.ts";
import { type Names, namedKinds } from "../table/index.ts";
import { compareLabels, compareMoments, type Label, type Ordered, order } from "./order.ts";
import { match, type Selection, textOf, valueText } from "./select.ts";

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
