import { plainValue } from "../../eve/markup/index.ts";
import type { Owner } from "../../owner/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { Bounded } from "../../platform/lru/index.ts";
import { nearest } from "../../platform/nearest/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address, keptMonths, readLedger } from "../collection/index.ts";
import { type ColumnView, type Dataset, shapeOf, type View } from "../dataset/index.ts";
import { type DictionaryColumn, encode, encodedColumn, mapValues } from "./dictionary.ts";
import { endOf, type Period, periodOf, type WantedPeriod } from "./period.ts";

/** A dataset's rows as a table: stored and derived columns alike, with how each is shown. */
export interface Table {
  dataset: Dataset;
  view: View;
  columns: Readonly<Record<string, ColumnView>>;
  /** Of the dataset's date column; where it has none, the period means nothing. */
  period: Period;
  /** Asked for as of this moment (epoch ms) the table is the same again: the pages of a list are of one version. */
  moment: number;
  encoded: (column: string) => DictionaryColumn;
}

const visibleColumns = (dataset: Dataset): Table["columns"] => ({
  ...dataset.columns,
  ...Object.fromEntries(Object.entries(dataset.derived ?? {}).map(([name, { column }]) => [name, column])),
});

/** Every column that rows can be filtered and sorted by. */
export const columnNames = (dataset: Dataset): string[] => Object.keys(visibleColumns(dataset));

export function unknownColumn(dataset: Dataset, column: string): VisibleError {
  const columns = columnNames(dataset);
  const shown = column.slice(0, 100);
  const meant = nearest(shown, columns);
  const message = `${dataset.title} has no column "${shown}". Did you mean ${meant}?`;
  return new VisibleError("validation", "rows.unknown_column", message, { columns, column: shown, nearest: meant });
}

const earlier = (to: string | undefined, at: string): string => (to && endOf(to) < endOf(at) ? to : at);

/** Kinds of columns whose texts players may have written. */
const writtenKinds: ReadonlySet<string | undefined> = new Set(["text", "enum"]);

/** A column as people read it: found, filtered, sorted and counted by what is shown. */
const plainly = (view: View, column: string): DictionaryColumn =>
  view.derive(`plain:${column}`, () => mapValues(encodedColumn(view, column), plainValue));

/** Earlier versions kept in the process: paging and sorting ask for the same one again and again. */
const kept = new Bounded<string, Promise<View>>(4);

const tooOld = (since: number) =>
  new VisibleError(
    "validation",
    "history.too_old",
    `That is longer ago than is kept: what is known begins at ${new Date(since).toISOString()}.`,
    { since: new Date(since).toISOString() },
  );

const refuse = (error: unknown): never => {
  throw error instanceof Snapshot.ForgottenError ? tooOld(error.since) : error;
};

/** A version, and the moment as of which it is found again. */
interface Moment {
  view: View;
  /** Epoch ms. */
  moment: number;
}

async function latest(owner: Owner, dataset: Dataset): Promise<Moment> {
  const where = address(owner, dataset);
  // Asked for together, both look at the same head: that costs one read.
  const [view, { version, changedAt }] = await Promise.all([
    Snapshot.read(where, shapeOf(dataset)),
    Snapshot.describe(where),
  ]);
  return view.version === version ? { view, moment: changedAt } : latest(owner, dataset);
}

/**
 * A snapshot's rows as they were at a moment (epoch ms), or are. Throws `history.too_old` where that is no longer known.
 */
async function readAt(owner: Owner, dataset: Dataset, moment?: number): Promise<Moment> {
  if (moment === undefined) return latest(owner, dataset);
  const where = address(owner, dataset);
  const { version, changedAt } = await Snapshot.describe(where);
  if (moment >= changedAt) return latest(owner, dataset);
  const key = `${where.owner}/${where.collection}/${version}/${moment}`;
  const view = kept.get(key) ?? Snapshot.at(where, shapeOf(dataset), moment);
  kept.set(key, view);
  view.catch(() => kept.delete(key));
  return { view: await view.catch(refuse), moment };
}

export const viewAt = async (owner: Owner, dataset: Dataset, moment: number): Promise<View> =>
  (await readAt(owner, dataset, moment)).view;

interface Read {
  view: View;
  period: Period;
  moment: number;
}

/** A ledger as of a moment is what had been entered by then. */
async function readLedgerTable(owner: Owner, dataset: Dataset, { at, pinned, ...query }: Opening): Promise<Read> {
  const moment = pinned ?? Date.now();
  const period = periodOf(dataset, at ? { ...query, to: earlier(query.to, at) } : query, moment);
  const months = await keptMonths(owner, dataset, {
    from: period.from === undefined ? undefined : Date.parse(period.from),
    to: period.to === undefined ? undefined : Date.parse(period.to),
  });
  return { view: await readLedger(owner, dataset, months), period, moment };
}

async function readSnapshotTable(owner: Owner, dataset: Dataset, { at, pinned, ...query }: Opening): Promise<Read> {
  const period = periodOf(dataset, query, Date.now());
  const read = await readAt(owner, dataset, pinned ?? (at ? endOf(at) : undefined));
  return { ...read, period };
}

export interface Opening extends WantedPeriod {
  at?: string | undefined;
  /** The `moment` of the table that a list's first page was of. */
  pinned?: number | undefined;
}

export async function open(owner: Owner, dataset: Dataset, query: Opening): Promise<Table> {
  const read = dataset.storage === "ledger" ? readLedgerTable : readSnapshotTable;
  const { view, period, moment } = await read(owner, dataset, query);
  const columns = visibleColumns(dataset);
  const encoded = (column: string): DictionaryColumn => {
    if (!Object.hasOwn(columns, column)) throw unknownColumn(dataset, column);
    const derived = dataset.derived?.[column];
    if (derived) return view.derive(`dictionary:${column}`, (each) => encode(derived.compute(each)));
    return writtenKinds.has(columns[column]?.kind) ? plainly(view, column) : encodedColumn(view, column);
  };
  return { dataset, view, columns, period, moment, encoded };
}

/** Kinds of the dataset's columns, and of the ids inside its nested values. */
export function columnKindsOf(dataset: Dataset) {
  const kinds = Object.values(visibleColumns(dataset)).map((column) => column.kind);
  return dataset.nested ? [...kinds, "party" as const] : kinds;
}
