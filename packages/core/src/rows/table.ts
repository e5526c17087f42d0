import { Datasets } from "../corporation/index.ts";
import type { ColumnView, Dataset } from "../dataset/index.ts";
import { shapeOf } from "../dataset/index.ts";
import { VisibleError } from "../error/index.ts";
import { viewAt } from "../history/view.ts";
import { plainValue } from "../markup/index.ts";
import { address, monthsBetween, readLedger } from "../refresh/index.ts";
import * as State from "../refresh/state.ts";
import * as Snapshot from "../snapshot/index.ts";
import { type Coded, coded, encode, recoded } from "./codes.ts";
import { type Asked, endOf, type Period, periodOf } from "./period.ts";

/** A dataset's rows as a table: stored and derived columns alike, with how each is shown. */
export interface Table {
  dataset: Dataset;
  view: Snapshot.View;
  columns: Readonly<Record<string, ColumnView>>;
  /** Of the dataset's date column; where it has none, the period means nothing. */
  period: Period;
  codes: (column: string) => Coded;
}

/** The months of a ledger that a period touches and that there are: asking for all of time costs no more than all there is. */
async function monthsOf(corporationId: number, dataset: Dataset, { from, to }: Period): Promise<string[]> {
  const now = new Date().toISOString();
  const [last = now] = [to ?? now, now].map((moment) => moment.slice(0, 7)).sort();
  const state = await State.find(corporationId, dataset.name);
  const [, first = last] = [from?.slice(0, 7) ?? last, state?.firstMonth ?? last].sort();
  return monthsBetween(first, last);
}

async function readView(corporationId: number, dataset: Dataset, period: Period, at?: string): Promise<Snapshot.View> {
  if (dataset.storage === "snapshot") {
    return at
      ? viewAt(corporationId, dataset, endOf(at))
      : Snapshot.read(address(corporationId, dataset), shapeOf(dataset));
  }
  return readLedger(corporationId, dataset, await monthsOf(corporationId, dataset, period));
}

const visibleColumns = (dataset: Dataset): Table["columns"] => ({
  ...dataset.columns,
  ...Object.fromEntries(Object.entries(dataset.derived ?? {}).map(([name, { column }]) => [name, column])),
});

const unknown = (dataset: Dataset, column: string, columns: Table["columns"]) =>
  new VisibleError("validation", "rows.unknown_column", `${dataset.title} has no column ${column}.`, {
    columns: Object.keys(columns),
  });

const earlier = (to: string | undefined, at: string): string => (to && endOf(to) < endOf(at) ? to : at);

/** Kinds of columns whose texts players may have written. */
const writtenKinds: ReadonlySet<string | undefined> = new Set(["text", "enum"]);

/** A column as people read it: found, filtered, sorted and counted by what is shown. */
const plainly = (view: Snapshot.View, column: string): Coded =>
  view.derive(`plain:${column}`, () => recoded(coded(view, column), plainValue));

export async function open(
  corporationId: number,
  name: string,
  { at, ...asked }: Asked & { at?: string | undefined },
): Promise<Table> {
  const dataset = Datasets.get(name);
  // A ledger as of a moment is what had been entered by then.
  const period = periodOf(
    dataset,
    at && dataset.storage === "ledger" ? { ...asked, to: earlier(asked.to, at) } : asked,
  );
  const view = await readView(corporationId, dataset, period, at);
  const columns = visibleColumns(dataset);
  const codes = (column: string): Coded => {
    if (!Object.hasOwn(columns, column)) throw unknown(dataset, column, columns);
    const derived = dataset.derived?.[column];
    if (derived) return view.derive(`codes:${column}`, (each) => encode(derived.compute(each)));
    return writtenKinds.has(columns[column]?.kind) ? plainly(view, column) : coded(view, column);
  };
  return { dataset, view, columns, period, codes };
}

/** Kinds of the dataset's columns, and of the ids inside its nested values. */
export function kindsOf(name: string) {
  const dataset = Datasets.get(name);
  const kinds = Object.values(visibleColumns(dataset)).map((column) => column.kind);
  return dataset.nested ? [...kinds, "party" as const] : kinds;
}
