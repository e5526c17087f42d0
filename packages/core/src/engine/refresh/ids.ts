import type { ColumnKind, Dataset, View } from "../dataset/index.ts";
import { nestedKind } from "../table/index.ts";

type Kinds = ReadonlySet<ColumnKind>;

/** Ids of these kinds inside a nested value, by the names of their fields. */
function collect(value: unknown, kinds: Kinds, ids: Set<number>): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const kind = typeof each === "number" ? nestedKind(key) : undefined;
    if (kind && kinds.has(kind)) ids.add(each as number);
    else collect(each, kinds, ids);
  }
}

const idsIn = (view: View, column: string, kinds: Kinds): ReadonlySet<number> =>
  view.derive(`ids:${[...kinds].join()}:${column}`, ({ columns }) => {
    const ids = new Set<number>();
    for (const value of columns[column] ?? []) {
      if (typeof value === "number") ids.add(value);
      else collect(value, kinds, ids);
    }
    return ids;
  });

/** Columns whose values are such ids, or that hold nested values in which there may be some. */
const columnsWith = ({ columns, nested = [] }: Dataset, kinds: Kinds): string[] => [
  ...Object.entries(columns).flatMap(([column, { kind }]) => (kinds.has(kind) ? [column] : [])),
  ...nested,
];

/** Every id of these kinds that any of the datasets speaks of. */
export async function idsOf(
  datasets: readonly Dataset[],
  kinds: Kinds,
  view: (dataset: string) => Promise<View>,
): Promise<Set<number>> {
  const all = new Set<number>();
  for (const dataset of datasets) {
    const columns = columnsWith(dataset, kinds);
    if (columns.length === 0) continue;
    const rows = await view(dataset.name);
    for (const column of columns) for (const id of idsIn(rows, column, kinds)) all.add(id);
  }
  return all;
}
