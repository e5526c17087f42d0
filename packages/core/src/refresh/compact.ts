import * as Actor from "../actor/index.ts";
import { datasets } from "../corporation/datasets/index.ts";
import * as Corporation from "../corporation/index.ts";
import { type Dataset, shapeOf } from "../dataset/index.ts";
import * as Log from "../log/index.ts";
import * as Schedule from "../schedule/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { address } from "./ingest.ts";
import { monthsBetween } from "./ledger.ts";
import { sweepIfGone } from "./orphans.ts";
import { shortestRetentionDays } from "./retention.ts";
import * as State from "./state.ts";

const dayMs = 86_400_000;

async function compactDataset(state: State.State, dataset: Dataset, before: number): Promise<number> {
  const { corporationId, fence, since } = state;
  const thisMonth = new Date().toISOString().slice(0, 7);
  const months = dataset.storage === "ledger" ? monthsBetween(state.firstMonth ?? thisMonth, thisMonth) : [undefined];
  let compacted = 0;
  for (const month of months) {
    if (await Snapshot.compact(address(corporationId, dataset, month), shapeOf(dataset), { fence, since, before }))
      compacted += 1;
  }
  return compacted;
}

async function compactCorporation(corporationId: number, before: number): Promise<number> {
  const corporation = await Corporation.registered(corporationId);
  if (!corporation) return 0;
  let compacted = 0;
  for (const { dataset: name } of await State.list(corporationId)) {
    const dataset = datasets.find((each) => each.name === name);
    const state = dataset && (await State.leaseAnyway(corporation, name));
    if (!dataset || !state) continue;
    try {
      compacted += await compactDataset(state, dataset, before).finally(() => State.release(state));
    } catch (error) {
      if (await sweepIfGone(state, corporation)) return compacted;
      throw error;
    }
  }
  return compacted;
}

/**
 * The daily round: writes a new base wherever the oldest delta still needed is half-way to its expiry, so that a dataset
 * which nobody can refresh any more does not lose rows when its deltas expire.
 */
export async function compactAll(): Promise<{ corporations: number; compacted: number }> {
  Actor.assertSystem();
  const before = Date.now() - (shortestRetentionDays / 2) * dayMs;
  const corporations = await Schedule.corporations();
  let compacted = 0;
  for (const { corporationId } of corporations) {
    try {
      compacted += await compactCorporation(corporationId, before);
    } catch (error) {
      Log.error("corporation not compacted", { corporationId, error });
    }
  }
  return { corporations: corporations.length, compacted };
}
