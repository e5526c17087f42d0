import type { Dataset, NameOf, RowChange } from "../dataset/index.ts";
import { merge } from "../snapshot/index.ts";
import { batchesOf } from "./batches.ts";
import { changesOf } from "./change.ts";
import { type Counts, type Entry, entriesOf } from "./entry.ts";
import { viewAt } from "./view.ts";

/** Epoch ms. */
export interface Span {
  from: number;
  to: number;
}

export interface Difference {
  counts: Counts;
  /** Entries `start` (inclusive) to `end` (exclusive), in words. */
  tell: (start: number, end: number) => Entry[];
}

const none = () => false;

async function ofSnapshot(corporationId: number, dataset: Dataset, { from, to }: Span): Promise<RowChange[]> {
  const [before, after] = await Promise.all([viewAt(corporationId, dataset, from), viewAt(corporationId, dataset, to)]);
  const { delta } = merge(before, after, none);
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
  const changes = await (dataset.storage === "ledger" ? ofLedger : ofSnapshot)(corporationId, dataset, span);
  const count = (change: RowChange["change"]) => changes.filter((each) => each.change === change).length;
  return {
    counts: { added: count("added"), removed: count("removed"), changed: count("changed") },
    tell: (start, end) =>
      changes.slice(start, end).flatMap((change, index) => {
        const id = `${span.from}-${span.to}/${start + index}`;
        return entriesOf(dataset, { id, at: span.to, change }, name, true);
      }),
  };
}
