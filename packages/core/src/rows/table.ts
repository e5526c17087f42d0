import { Datasets } from "../corporation/index.ts";
import type { ColumnView, Dataset } from "../dataset/index.ts";
import { shapeOf } from "../dataset/index.ts";
import { VisibleError } from "../error/index.ts";
import { address, monthsBetween, readLedger } from "../refresh/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { type Coded, coded, encode } from "./codes.ts";

/** A ledger's table covers this many days unless the reader chooses. */
const defaultDays = 30;
const dayMs = 86_400_000;

/** A dataset's rows as a table: stored and derived columns alike, with how each is shown. */
export interface Table {
  dataset: Dataset;
  view: Snapshot.View;
  columns: Readonly<Record<string, ColumnView>>;
  codes: (column: string) => Coded;
}

export interface Period {
  /** ISO dates or moments. */
  from?: string | undefined;
  to?: string | undefined;
}

async function readView(corporationId: number, dataset: Dataset, period: Period): Promise<Snapshot.View> {
  if (dataset.storage === "snapshot") return Snapshot.read(address(corporationId, dataset), shapeOf(dataset));
  const to = period.to ?? new Date().toISOString();
  const from = period.from ?? new Date(Date.parse(to) - defaultDays * dayMs).toISOString();
  return readLedger(corporationId, dataset, monthsBetween(from.slice(0, 7), to.slice(0, 7)));
}

const visibleColumns = (dataset: Dataset): Table["columns"] => ({
  ...dataset.columns,
  ...Object.fromEntries(Object.entries(dataset.derived ?? {}).map(([name, { column }]) => [name, column])),
});

export async function open(corporationId: number, name: string, period: Period): Promise<Table> {
  const dataset = Datasets.get(name);
  const view = await readView(corporationId, dataset, period);
  const columns = visibleColumns(dataset);
  const codes = (column: string): Coded => {
    if (!(column in columns)) {
      throw new VisibleError("validation", "rows.unknown_column", `${dataset.title} has no column ${column}.`, {
        columns: Object.keys(columns),
      });
    }
    const derived = dataset.derived?.[column];
    return derived ? view.derive(`codes:${column}`, (each) => encode(derived.compute(each))) : coded(view, column);
  };
  return { dataset, view, columns, codes };
}

export const kindsOf = (name: string) => Object.values(visibleColumns(Datasets.get(name))).map((column) => column.kind);
