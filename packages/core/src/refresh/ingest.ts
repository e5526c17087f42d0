import { type Dataset, type Fetched, type Row, shapeOf } from "../dataset/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { fitsOf } from "./fits.ts";

/** What a refresh changed, small enough to push to a browser. */
export interface Summary {
  added: number;
  removed: number;
  changed: number;
  total: number;
  setAside: number;
}

export interface Ingested {
  summary: Summary;
  changed: boolean;
  /** Rows are missing that were there: nothing was removed, the next answer decides. */
  doubtful: boolean;
  firstMonth?: string;
}

interface Accepted {
  rows: Row[];
  setAside: number;
  /** Keys of rows set aside: what is stored of them stays. Undefined if one of them had no readable key. */
  keptKeys: Set<Snapshot.Key> | undefined;
}

/** One malformed row is set aside with the rest of the page kept; what is stored under its key stays as it was. */
function accept(dataset: Dataset, rows: readonly Row[]): Accepted {
  const shape = shapeOf(dataset);
  const accepted: Accepted = { rows: [], setAside: 0, keptKeys: new Set() };
  const fits = fitsOf(dataset.row);
  for (const row of rows) {
    if (fits(row)) {
      accepted.rows.push(row);
      continue;
    }
    const parsed = dataset.row.safeParse(row);
    if (parsed.success) {
      accepted.rows.push(parsed.data);
      continue;
    }
    accepted.setAside += 1;
    const readable =
      row !== null &&
      typeof row === "object" &&
      shape.key.every((column) => ["string", "number"].includes(typeof row[column]));
    if (readable) accepted.keptKeys?.add(Snapshot.keyOf(shape, (column) => row[column]));
    else accepted.keptKeys = undefined;
  }
  return accepted;
}

/** Fewer than this share of the former rows looks like an outage rather than a change. */
const doubtfulShare = 0.1;
/** Below this many rows a large share may well go at once. */
const doubtfulFrom = 20;

const isDoubtful = (before: number, after: number): boolean =>
  before > 0 && (after === 0 || (before >= doubtfulFrom && after < before * doubtfulShare));

export const address = (corporationId: number, dataset: Dataset, month?: string): Snapshot.Address => ({
  owner: `corporation#${corporationId}`,
  collection: month ? `${dataset.name}/${month}` : dataset.name,
});

export interface IngestOptions {
  fence: number;
  retentionDays: number;
  /** The last answer was doubtful too, and this one was fetched after its expiry: it is believed. */
  confirmed: boolean;
}

async function ingestSnapshot(
  corporationId: number,
  dataset: Dataset,
  fetched: Fetched,
  options: IngestOptions,
): Promise<Ingested> {
  const shape = shapeOf(dataset);
  const target = address(corporationId, dataset);
  const changedParts = new Set(fetched.parts.filter((part) => part.rows).map((part) => part.part));
  const { rows, setAside, keptKeys } = accept(
    dataset,
    fetched.parts.flatMap((part) => part.rows ?? []),
  );
  const previous = await Snapshot.read(target, shape);
  const { partColumn } = dataset;
  const untouched = (view: Snapshot.View, index: number) =>
    partColumn !== undefined && !changedParts.has(String(view.value(partColumn, index)));
  const before = partColumn ? countBut(previous, untouched) : previous.length;
  const doubtful = !options.confirmed && isDoubtful(before, rows.length);
  const keep = (view: Snapshot.View, index: number) =>
    doubtful || keptKeys === undefined || keptKeys.has(view.keys[index] as Snapshot.Key) || untouched(view, index);
  const { view, delta, changed } = await Snapshot.commit(target, shape, rows, { ...options, keep });
  return {
    summary: {
      added: delta.added.length,
      removed: delta.removed.length,
      changed: delta.changed.length,
      total: view.length,
      setAside,
    },
    changed,
    doubtful,
  };
}

function countBut(view: Snapshot.View, skip: (view: Snapshot.View, index: number) => boolean): number {
  let count = 0;
  for (let index = 0; index < view.length; index += 1) if (!skip(view, index)) count += 1;
  return count;
}

const monthOf = (row: Row, dateColumn: string) => String(row[dateColumn]).slice(0, 7);

/** Rows are only ever added or completed: a ledger never loses what an answer leaves out. */
async function ingestLedger(
  corporationId: number,
  dataset: Dataset,
  fetched: Fetched,
  options: IngestOptions,
): Promise<Ingested> {
  const shape = shapeOf(dataset);
  const { rows, setAside } = accept(
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
  let changed = false;
  for (const [month, entries] of [...months].sort(([a], [b]) => a.localeCompare(b))) {
    const commit = await Snapshot.commit(address(corporationId, dataset, month), shape, entries, {
      ...options,
      keep: () => true,
    });
    summary.added += commit.delta.added.length;
    summary.changed += commit.delta.changed.length;
    changed ||= commit.changed;
  }
  const firstMonth = [...months.keys()].sort()[0];
  return { summary, changed, doubtful: false, ...(firstMonth ? { firstMonth } : {}) };
}

/** Writes what was fetched, only the difference. */
export const ingest = (
  corporationId: number,
  dataset: Dataset,
  fetched: Fetched,
  options: IngestOptions,
): Promise<Ingested> =>
  dataset.storage === "ledger"
    ? ingestLedger(corporationId, dataset, fetched, options)
    : ingestSnapshot(corporationId, dataset, fetched, options);
