import { type Owner, shortestRetentionDays } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import * as Agenda from "../agenda/index.ts";
import { address, monthsBetween } from "../collection/index.ts";
import { type Dataset, shapeOf } from "../dataset/index.ts";
import { datasetsOf, described, findEnrolled } from "../kind/index.ts";
import { sweepIfGone } from "../refresh/index.ts";
import * as State from "../state/index.ts";

const dayMs = 86_400_000;

/** The collections of a dataset that have a delta from before then. */
async function agedCollections(state: State.State, dataset: Dataset, before: number): Promise<Snapshot.Address[]> {
  const thisMonth = new Date().toISOString().slice(0, 7);
  const months = dataset.storage === "ledger" ? monthsBetween(state.firstMonth ?? thisMonth, thisMonth) : [undefined];
  const addresses = months.map((month) => address(state.owner, dataset, month));
  const needed = await Promise.all(addresses.map((each) => Snapshot.needsCompaction(each, before)));
  return addresses.filter((_, index) => needed[index]);
}

async function compactDataset(
  { fence, since }: State.State,
  dataset: Dataset,
  { aged, before }: { aged: readonly Snapshot.Address[]; before: number },
): Promise<number> {
  let compacted = 0;
  for (const each of aged) {
    if (await Snapshot.compact(each, shapeOf(dataset), { fence, since, before })) compacted += 1;
  }
  return compacted;
}

async function compactOwner(owner: Owner, before: number): Promise<number> {
  const enrolled = await findEnrolled(owner);
  if (!enrolled) return 0;
  let compacted = 0;
  for (const known of await State.list(owner)) {
    const dataset = datasetsOf(owner).find(known.dataset);
    const aged = dataset ? await agedCollections(known, dataset, before) : [];
    // A refresh that meets the lease does nothing, and is sent again only ten minutes later: it is taken where there is need.
    const state = aged.length > 0 ? await State.leaseAnyway(enrolled, known.dataset) : undefined;
    if (!dataset || !state) continue;
    try {
      compacted += await compactDataset(state, dataset, { aged, before }).finally(() => State.release(state));
    } catch (error) {
      if (await sweepIfGone(state, enrolled)) return compacted;
      throw error;
    }
  }
  return compacted;
}

/**
 * The daily round: writes a new base wherever the oldest delta still needed is half-way to its expiry, so that a dataset
 * that nobody can refresh any more does not lose rows when its deltas expire.
 */
export async function compactAll(): Promise<{ owners: number; compacted: number }> {
  Actor.assertSystem();
  const before = Date.now() - (shortestRetentionDays / 2) * dayMs;
  const all = await Agenda.readAll();
  let compacted = 0;
  for (const { owner } of all) {
    try {
      compacted += await compactOwner(owner, before);
    } catch (error) {
      Log.error("owner not compacted", { ...described(owner), error });
    }
  }
  return { owners: all.length, compacted };
}
