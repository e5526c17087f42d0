import { Datasets } from "../corporation/index.ts";
import type { ColumnView, Dataset } from "../dataset/index.ts";
import { VisibleError } from "../error/index.ts";
import { readAt } from "../history/view.ts";
import { plainValue } from "../markup/index.ts";
import { nearest } from "../nearest/index.ts";
import { readLedger } from "../refresh/index.ts";
import { keptMonths } from "../refresh/kept.ts";
import type * as Snapshot from "../snapshot/index.ts";
import { type Coded, coded, encode, recoded } from "./codes.ts";
import { type Asked, endOf, type Period, periodOf } from "./period.ts";

/** A dataset's rows as a table: stored and derived columns alike, with how each is shown. */
export interface Table {
  dataset: Dataset;
  view: Snapshot.View;
  columns: Readonly<Record<string, ColumnView>>;
  /** Of the dataset's date column; where it has none, the period means nothing. */
  period: Period;
  /** Asked for as of this moment (epoch ms) the table is the same again: the pages of a list are of one version. */
  moment: number;
  codes: (column: string) => Coded;
}

const visibleColumns = (dataset: Dataset): Table["columns"] => ({
  ...dataset.columns,
  ...Object.fromEntries(Object.entries(dataset.derived ?? {}).map(([name, { column }]) => [name, column])),
});

/** Every column that rows can be filtered and sorted by. */
export const columnNames = (dataset: string): string[] => Object.keys(visibleColumns(Datasets.get(dataset)));

export function unknownColumn(name: string, column: string): VisibleError {
  const dataset = Datasets.get(name);
  const columns = columnNames(name);
  const shown = column.slice(0, 100);
  const meant = nearest(shown, columns);
  const message = `${dataset.title} has no column "${shown}". Did you mean ${meant}?`;
  return new VisibleError("validation", "rows.unknown_column", message, { columns, column: shown, nearest: meant });
}

const earlier = (to: string | undefined, at: string): string => (to && endOf(to) < endOf(at) ? to : at);

/** Kinds of columns whose texts players may have written. */
const writtenKinds: ReadonlySet<string | undefined> = new Set(["text", "enum"]);

/** A column as people read it: found, filtered, sorted and counted by what is shown. */
const plainly = (view: Snapshot.View, column: string): Coded =>
  view.derive(`plain:${column}`, () => recoded(coded(view, column), plainValue));

interface Read {
  view: Snapshot.View;
  period: Period;
  moment: number;
}

/** A ledger as of a moment is what had been entered by then. */
async function readLedgerTable(
  corporationId: number,
  dataset: Dataset,
  { at, pinned, ...asked }: Opening,
): Promise<Read> {
  const moment = pinned ?? Date.now();
  const period = periodOf(dataset, at ? { ...asked, to: earlier(asked.to, at) } : asked, moment);
  const months = await keptMonths(corporationId, dataset, {
    from: period.from === undefined ? undefined : Date.parse(period.from),
    to: period.to === undefined ? undefined : Date.parse(period.to),
  });
  return { view: await readLedger(corporationId, dataset, months), period, moment };
}

async function readSnapshotTable(
  corporationId: number,
  dataset: Dataset,
  { at, pinned, ...asked }: Opening,
): Promise<Read> {
  const period = periodOf(dataset, asked, Date.now());
  const read = await readAt(corporationId, dataset, pinned ?? (at ? endOf(at) : undefined));
  return { ...read, period };
}

export interface Opening extends Asked {
  at?: string | undefined;
  /** The `moment` of the table that a list's first page was of. */
  pinned?: number | undefined;
}

export async function open(corporationId: number, name: string, asked: Opening): Promise<Table> {
  const dataset = Datasets.get(name);
  const read = dataset.storage === "ledger" ? readLedgerTable : readSnapshotTable;
  const { view, period, moment } = await read(corporationId, dataset, asked);
  const columns = visibleColumns(dataset);
  const codes = (column: string): Coded => {
    if (!Object.hasOwn(columns, column)) throw unknownColumn(name, column);
    const derived = dataset.derived?.[column];
    if (derived) return view.derive(`codes:${column}`, (each) => encode(derived.compute(each)));
    return writtenKinds.has(columns[column]?.kind) ? plainly(view, column) : coded(view, column);
  };
  return { dataset, view, columns, period, moment, codes };
}

/** Kinds of the dataset's columns, and of the ids inside its nested values. */
export function kindsOf(name: string) {
  const dataset = Datasets.get(name);
  const kinds = Object.values(visibleColumns(dataset)).map((column) => column.kind);
  return dataset.nested ? [...kinds, "party" as const] : kinds;
}
