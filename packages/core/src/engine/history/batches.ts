import type { Owner } from "../../owner/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address, keptMonths } from "../collection/index.ts";
import { type Dataset, type Row, type RowChange, shapeOf } from "../dataset/index.ts";
import { changesOf } from "./change.ts";
import type { Counts } from "./entry.ts";

/** Changes of one dataset that happened together: a refresh's, or a ledger's entries of one instant. */
export interface Batch {
  /** Epoch ms. */
  at: number;
  /** Names the batch within its dataset; a later reading goes on from it. */
  position: number;
  counts: Counts;
  open: () => Promise<RowChange[]>;
}

export interface Start {
  /** Epoch ms: nothing later. */
  until?: number | undefined;
  /** Or: from this batch on, towards the past. */
  position?: number | undefined;
}

async function* ofSnapshot(owner: Owner, dataset: Dataset, { until, position }: Start): AsyncGenerator<Batch> {
  const [where, shape] = [address(owner, dataset), shapeOf(dataset)];
  for await (const step of Snapshot.walkHistory(
    where,
    shape,
    position === undefined ? { until } : { from: position },
  )) {
    if (until !== undefined && step.at > until) continue;
    const { at, added, removed, changed, version } = step;
    yield {
      at,
      position: version,
      counts: { added, removed, changed },
      open: async () => changesOf(dataset, await step.delta(), await Snapshot.read(where, shape)),
    };
  }
}

/** Rows of a month, newest first; kept with the version, since paging asks again. */
const newestFirst = (view: Snapshot.View, dateColumn: string): { at: number; row: number }[] =>
  view.derive("newestFirst", ({ columns, length }) =>
    Array.from({ length }, (_, row) => ({ at: Date.parse(String(columns[dateColumn]?.[row])), row })).sort(
      (a, b) => b.at - a.at || b.row - a.row,
    ),
  );

const added = (row: Row): RowChange => ({ change: "added", row, before: {}, after: {} });

/** A ledger tells by its rows' own dates, as far back as it goes. */
async function* ofLedger(owner: Owner, dataset: Dataset, { until, position }: Start): AsyncGenerator<Batch> {
  const latest = position ?? until ?? Date.now();
  for (const each of (await keptMonths(owner, dataset, { to: latest })).reverse()) {
    const view = await Snapshot.read(address(owner, dataset, each), shapeOf(dataset));
    const order = newestFirst(view, dataset.dateColumn ?? "date");
    for (let index = 0; index < order.length; ) {
      const { at } = order[index] as { at: number };
      const from = index;
      while (index < order.length && order[index]?.at === at) index += 1;
      if (at > latest) continue;
      const rows = order.slice(from, index).map(({ row }) => view.row(row));
      yield {
        at,
        position: at,
        counts: { added: rows.length, removed: 0, changed: 0 },
        open: async () => rows.map(added),
      };
    }
  }
}

/** What changed in a dataset, newest first. */
export const batchesOf = (owner: Owner, dataset: Dataset, start: Start): AsyncGenerator<Batch> =>
  (dataset.storage === "ledger" ? ofLedger : ofSnapshot)(owner, dataset, start);
