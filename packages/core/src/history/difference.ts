import type { Dataset, NameOf, RowChange } from "../dataset/index.ts";
import { address } from "../refresh/ingest.ts";
import { keptMonths } from "../refresh/kept.ts";
import * as Snapshot from "../snapshot/index.ts";
import { batchesOf } from "./batches.ts";
import { changesOf, idOf } from "./change.ts";
import { type Counts, type Entry, entriesOf } from "./entry.ts";
import { viewAt } from "./view.ts";

/** Epoch ms. */
export interface Span {
  from: number;
  to: number;
}

export interface Difference {
  /** As asked for, as far as it is kept. */
  span: Span;
  counts: Counts;
  /** Names each change, in the order in which they are told. */
  ids: string[];
  /** Entries `start` (inclusive) to `end` (exclusive), in words. */
  tell: (start: number, end: number) => Entry[];
}

/** From when on a dataset is known at all (epoch ms). */
async function beginningOf(corporationId: number, dataset: Dataset): Promise<number> {
  if (dataset.storage === "ledger") {
    const [first] = await keptMonths(corporationId, dataset, {});
    return first === undefined ? 0 : Date.parse(`${first}-01T00:00:00Z`);
  }
  return (await Snapshot.beginning(address(corporationId, dataset)))?.since ?? 0;
}

/** The part of a span that is over and kept: what is asked for beyond costs nothing and tells nothing. */
export async function clamped(corporationId: number, dataset: Dataset, { from, to }: Span): Promise<Span> {
  const now = Date.now();
  const end = Math.min(to, now);
  const known = await beginningOf(corporationId, dataset);
  return { from: Math.min(Math.max(from, known), Math.max(end, known)), to: Math.max(end, Math.min(known, now)) };
}

const none = () => false;

async function ofSnapshot(corporationId: number, dataset: Dataset, { from, to }: Span): Promise<RowChange[]> {
  const [before, after] = await Promise.all([viewAt(corporationId, dataset, from), viewAt(corporationId, dataset, to)]);
  const { delta } = Snapshot.merge(before, after, none);
  return changesOf(dataset, delta, after);
}

/** A ledger only grows: what was entered in between. */
async function ofLedger(corporationId: number, dataset: Dataset, { from, to }: Span): Promise<RowChange[]> {
  const changes: RowChange[] = [];
  for await (const batch of batchesOf(corporationId, dataset, { until: to })) {
    if (batch.at < from) break;
    changes.push(...(await batch.open()));
  }
  return changes;
}

/** What differs between two moments of a dataset. */
export async function differenceOf(
  corporationId: number,
  dataset: Dataset,
  span: Span,
  name: NameOf,
): Promise<Difference> {
  const changes: RowChange[] = await (dataset.storage === "ledger" ? ofLedger : ofSnapshot)(
    corporationId,
    dataset,
    span,
  );
  const count = (change: RowChange["change"]) => changes.filter((each) => each.change === change).length;
  const ids = changes.map((change) => idOf(dataset, change));
  return {
    span,
    ids,
    counts: { added: count("added"), removed: count("removed"), changed: count("changed") },
    tell: (start, end) =>
      changes.slice(start, end).flatMap((change, index) => {
        const id = `${span.from}-${span.to}/${ids[start + index]}`;
        return entriesOf(dataset, { id, at: span.to, change }, name, true);
      }),
  };
}
