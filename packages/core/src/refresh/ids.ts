import * as Datasets from "../corporation/datasets/index.ts";
import type { ColumnKind, View } from "../dataset/index.ts";
import { nestedKind } from "../rows/nested.ts";

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
const columnsWith = ({ columns, nested = [] }: (typeof Datasets.datasets)[number], kinds: Kinds): string[] => [
  ...Object.entries(columns).flatMap(([column, { kind }]) => (kinds.has(kind) ? [column] : [])),
  ...nested,
];

/** Every id of these kinds that any dataset of a corporation speaks of. */
export async function idsOf(kinds: Kinds, view: (dataset: string) => Promise<View>): Promise<Set<number>> {
  const all = new Set<number>();
  for (const dataset of Datasets.datasets) {
    const columns = columnsWith(dataset, kinds);
    if (columns.length === 0) continue;
    const rows = await view(dataset.name);
    for (const column of columns) for (const id of idsIn(rows, column, kinds)) all.add(id);
  }
  return all;
}
