import type { Owner } from "../../owner/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address } from "../collection/index.ts";
import { type Dataset, type Fetched, hasNews, type Row, shapeOf } from "../dataset/index.ts";
import type { State } from "../state/index.ts";
import { mergePages, partitionRows, validateRows } from "./validate.ts";

/** What a refresh changed, small enough to push to a browser. */
export interface Summary {
  added: number;
  removed: number;
  changed: number;
  total: number;
  setAside: number;
  /** Why the first of those rows was set aside. */
  setAsideReason?: string;
}

export interface Ingested {
  summary: Summary;
  /** The collection's version; a ledger has one for each month, and none of its own. */
  version?: number;
  /** Rows are missing that were there: nothing was removed, the next answer decides. */
  doubtful: boolean;
  /** Ledgers: what was written of each month in the answer. */
  months?: Readonly<Record<string, WrittenMonth>>;
}

/** Fewer than this share of the former rows looks like an outage rather than a change. */
const doubtfulShare = 0.1;
/** Below this many rows a large share may well go at once. */
const doubtfulFrom = 20;

const isDoubtful = (before: number, after: number): boolean =>
  before > 0 && (after === 0 || (before >= doubtfulFrom && after < before * doubtfulShare));

export interface IngestOptions {
  fence: number;
  since: number | undefined;
  retentionDays: number;
  /** The last answer was doubtful too, and this one was fetched after its expiry: it is believed. */
  confirmed: boolean;
}

/** Rows of parts that this fetch did not speak for. */
function untouchedIn(view: Snapshot.View, { partColumn }: Dataset, fetched: Fetched): (index: number) => boolean {
  if (partColumn === undefined) return () => false;
  const changedParts = new Set(fetched.parts.filter(hasNews).map(({ part }) => part));
  return (index) => !changedParts.has(String(view.value(partColumn, index)));
}

async function ingestSnapshot(
  owner: Owner,
  dataset: Dataset,
  fetched: Fetched,
  { confirmed, ...options }: IngestOptions,
): Promise<Ingested> {
  const shape = shapeOf(dataset);
  const { table, setAside, keptKeys, reason } = mergePages(
    dataset,
    fetched.parts.flatMap(({ rows, pages = rows ? [validateRows(dataset, rows)] : [] }) => pages),
  );
  let doubtful = false;
  const keep = (previous: Snapshot.View) => {
    const untouched = untouchedIn(previous, dataset, fetched);
    const before = dataset.partColumn ? countBut(previous, untouched) : previous.length;
    doubtful = !confirmed && isDoubtful(before, table.length);
    if (doubtful || keptKeys === undefined) return () => true;
    return (index: number) => keptKeys.has(previous.keys[index] as Snapshot.Key) || untouched(index);
  };
  const { view, delta } = await Snapshot.commit(address(owner, dataset), shape, table, {
    ...options,
    keep,
  });
  const counts = delta ?? { added: view, removed: [], changed: [] };
  return {
    summary: {
      added: counts.added.length,
      removed: counts.removed.length,
      changed: counts.changed.length,
      total: view.length,
      setAside,
      ...(reason === undefined ? {} : { setAsideReason: reason }),
    },
    version: view.version,
    doubtful,
  };
}

function countBut(view: Snapshot.View, skip: (index: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < view.length; index += 1) if (!skip(index)) count += 1;
  return count;
}

/** Months of a ledger (`2026-11`), each a collection with a version of its own. */
export type Months = Readonly<Record<string, { version: number; rows: number }>>;

export interface WrittenMonth {
  version: number;
  rows: number;
  added: number;
}

const keepAll = () => () => true;

const monthOf = (row: Row, dateColumn: string) => String(row[dateColumn]).slice(0, 7);

/** Rows are only ever added or completed: a ledger never loses what an answer leaves out. */
async function ingestLedger(
  owner: Owner,
  dataset: Dataset,
  fetched: Fetched,
  { confirmed, ...options }: IngestOptions,
): Promise<Ingested> {
  const shape = shapeOf(dataset);
  const { rows, setAside, reason } = partitionRows(
    dataset,
    fetched.parts.flatMap((part) => part.rows ?? []),
  );
  const months = new Map<string, Row[]>();
  for (const row of rows) {
    const month = monthOf(row, dataset.dateColumn ?? "date");
    const known = months.get(month);
    if (known) known.push(row);
    else months.set(month, [row]);
  }
  const summary: Summary = { added: 0, removed: 0, changed: 0, total: 0, setAside };
  if (reason !== undefined) summary.setAsideReason = reason;
  const written: Record<string, WrittenMonth> = {};
  for (const [month, entries] of [...months].sort(([a], [b]) => a.localeCompare(b))) {
    const table = Snapshot.tableOf(shape, entries);
    const target = address(owner, dataset, month);
    const { view, delta } = await Snapshot.commit(target, shape, table, { ...options, keep: keepAll });
    summary.changed += delta?.changed.length ?? 0;
    written[month] = { version: view.version, rows: view.length, added: delta?.added.length ?? view.length };
  }
  return { summary, doubtful: false, months: written };
}

/** Writes what was fetched, only the difference. */
export const ingest = (owner: Owner, dataset: Dataset, fetched: Fetched, options: IngestOptions): Promise<Ingested> =>
  dataset.storage === "ledger"
    ? ingestLedger(owner, dataset, fetched, options)
    : ingestSnapshot(owner, dataset, fetched, options);

/** What a refresh changed, and how far the ledger is now: the next refresh compares with it. */
export interface LedgerProgress {
  summary: Summary;
  version: number;
  firstMonth?: string;
  months?: Months;
}

/** ESI hands out no older months again, two where a dataset does not say how many. */
const keptMonths = ({ windowMonths = 2 }: Dataset): number => windowMonths + 1;

/**
 * A worker may die between writing a month and saving its state. The month's version then differs from the one in the
 * state, and what that worker added is counted now. Of a month older than those in the state only what this refresh has
 * added is new.
 */
function summariseLedger(
  state: State,
  dataset: Dataset,
  { summary, months }: Ingested & { months: Readonly<Record<string, WrittenMonth>> },
): LedgerProgress {
  const before = (state.months ?? {}) as Months;
  const [oldest = ""] = Object.keys(before).sort();
  const addedTo = ([month, { version, rows, added }]: [string, WrittenMonth]): number => {
    if (month < oldest) return added;
    return before[month]?.version === version ? 0 : rows - (before[month]?.rows ?? 0);
  };
  const written = Object.entries(months);
  const added = written.reduce((sum, each) => sum + addedTo(each), 0);
  const isNews = written.some(([month, each]) => month >= oldest && before[month]?.version !== each.version);
  const known = [
    ...Object.entries(before),
    ...written.map(([month, { version, rows }]) => [month, { version, rows }] as const),
  ];
  const last = [...new Map(known)].sort(([a], [b]) => a.localeCompare(b)).slice(-keptMonths(dataset));
  const [firstMonth] = [state.firstMonth, ...Object.keys(months)].filter((month) => month !== undefined).sort();
  return {
    summary: { ...summary, added, total: state.rows + added },
    version: state.version + (isNews || added > 0 || summary.changed > 0 || state.version === 0 ? 1 : 0),
    months: Object.fromEntries(last),
    ...(firstMonth ? { firstMonth } : {}),
  };
}

/** Sums up what was written: a snapshot by its own version, a ledger by the versions of its months. */
export function summarise(state: State, dataset: Dataset, ingested: Ingested): LedgerProgress {
  const { months, summary, version } = ingested;
  if (months) return summariseLedger(state, dataset, { ...ingested, months });
  return { summary, version: version ?? Math.max(1, state.version) };
}
