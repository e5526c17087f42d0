import type { Delta, Key } from "../../snapshot/index.ts";
import type { Dataset, Row, RowChange, View } from "../dataset/index.ts";

/** What a key alone tells of its row. */
function keyRow({ key: columns }: Dataset, key: Key): Row {
  const values = columns.length === 1 ? [key] : String(key).split("|");
  return Object.fromEntries(
    columns.map((column, at) => {
      const value = values[at];
      return [column, typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value];
    }),
  );
}

const present = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));

/** A delta row by row. A changed row is filled up from `known`, a version that still has it, as far as there is one. */
export function changesOf(dataset: Dataset, delta: Delta, known: View): RowChange[] {
  const changed = delta.changed.map(({ key, before, after }): RowChange => {
    const at = known.find(key);
    const row = { ...keyRow(dataset, key), ...(at < 0 ? {} : known.row(at)), ...present(after) };
    return { change: "changed", row, before, after };
  });
  return [
    ...delta.added.map((row): RowChange => ({ change: "added", row, before: {}, after: {} })),
    ...delta.removed.map((row): RowChange => ({ change: "removed", row, before: {}, after: {} })),
    ...changed,
  ];
}

/** Names a change among those of the same step, whatever else has come to them since. */
export const idOf = ({ key }: Dataset, { change, row }: RowChange): string =>
  `${change}/${key.map((column) => String(row[column] ?? "")).join("|")}`;
