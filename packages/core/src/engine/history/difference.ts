import type { Owner } from "../../owner/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address, keptMonths } from "../collection/index.ts";
import type { Dataset, NameOf, RowChange } from "../dataset/index.ts";
import { viewAt } from "../table/index.ts";
import { batchesOf } from "./batches.ts";
import { changesOf, idOf } from "./change.ts";
import { type Counts, type Entry, entriesOf } from "./entry.ts";

/** Epoch ms. */
export interface Span {
  from: number;
  to: number;
}

export interface Difference {
  /** As asked for, as far as it is kept. */
  span: Span;
  counts: Counts;
  /** Ids of the changes, in the order of their entries. */
  ids: string[];
  /** Entries `start` (inclusive) to `end` (exclusive), in words. */
  entriesBetween: (start: number, end: number) => Entry[];
}

/** From when on a dataset is known at all (epoch ms). */
async function beginningOf(owner: Owner, dataset: Dataset): Promise<number> {
  if (dataset.storage === "ledger") {
    const [first] = await keptMonths(owner, dataset, {});
    return first === undefined ? 0 : Date.parse(`${first}-01T00:00:00Z`);
  }
  return (await Snapshot.beginning(address(owner, dataset)))?.since ?? 0;
}

/** The part of a span that is over and kept: what is asked for beyond costs nothing and tells nothing. */
export async function clamped(owner: Owner, dataset: Dataset, { from, to }: Span): Promise<Span> {
  const now = Date.now();
  const end = Math.min(to, now);
  const known = await beginningOf(owner, dataset);
  return { from: Math.min(Math.max(from, known), Math.max(end, known)), to: Math.max(end, Math.min(known, now)) };
}

const none = () => false;

async function ofSnapshot(owner: Owner, dataset: Dataset, { from, to }: Span): Promise<RowChange[]> {
  const [before, after] = await Promise.all([viewAt(owner, dataset, from), viewAt(owner, dataset, to)]);
  const { delta } = Snapshot.merge(before, after, none);
  return changesOf(dataset, delta, after);
}

/** A ledger only grows: what was entered in between. */
async function ofLedger(owner: Owner, dataset: Dataset, { from, to }: Span): Promise<RowChange[]> {
  const changes: RowChange[] = [];
  for await (const batch of batchesOf(owner, dataset, { until: to })) {
    if (batch.at < from) break;
    changes.push(...(await batch.open()));
  }
  return changes;
}

/** What differs between two moments of a dataset. */
export async function differenceOf(owner: Owner, dataset: Dataset, span: Span, name: NameOf): Promise<Difference> {
  const changes: RowChange[] = await (dataset.storage === "ledger" ? ofLedger : ofSnapshot)(owner, dataset, span);
  const count = (change: RowChange["change"]) => changes.filter((each) => each.change === change).length;
  const ids = changes.map((change) => idOf(dataset, change));
  return {
    span,
    ids,
    counts: { added: count("added"), removed: count("removed"), changed: count("changed") },
    entriesBetween: (start, end) =>
      changes.slice(start, end).flatMap((change, index) => {
        const id = `${span.from}-${span.to}/${ids[start + index]}`;
        return entriesOf(dataset, { id, at: span.to, change }, name, true);
      }),
  };
}
