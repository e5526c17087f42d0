import { get as getDataset } from "../corporation/datasets/index.ts";
import { registered } from "../corporation/registry.ts";
import type { Dataset } from "../dataset/index.ts";
import * as Log from "../log/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { collectionsOf } from "./ledger.ts";
import { find, type Registration, removeBefore, type State } from "./state.ts";

/*
 * A corporation may be removed between any two calls of a worker, and added again before the worker makes the next one
 * (docs/adr/0017). Lease numbers grow from one registration to the next. A removal takes all leases away, so the worker
 * cannot finish; whoever cannot finish looks here whether the registration is gone, and takes away what was written. Of a
 * worker who was killed the message comes again, and whoever gets it does the same.
 */

/** Deletes what is stored of a dataset and does not belong to the registration that there is now, if there is one. */
export async function sweep(corporationId: number, dataset: Dataset): Promise<void> {
  const now = Date.now();
  const current = await registered(corporationId, { consistent: true });
  const before = current?.addedAt ?? now;
  const state = await find(corporationId, dataset.name);
  await Snapshot.remove({
    owner: `corporation#${corporationId}`,
    collections: collectionsOf(dataset, state?.firstMonth),
    before,
  });
  await removeBefore(corporationId, dataset.name, before);
  Log.info("registration is gone, nothing of it is kept", { corporationId, dataset: dataset.name });
}

const isRegistered = async ({ corporationId, addedAt }: Registration): Promise<boolean> =>
  (await registered(corporationId, { consistent: true }))?.addedAt === addedAt;

/**
 * Whether the registration that a worker took its lease for is gone. If it is, nothing is left of what the worker wrote.
 * Asked by a worker whose writes were refused.
 */
export async function sweepIfGone({ corporationId, dataset }: State, { addedAt }: Registration): Promise<boolean> {
  if (await isRegistered({ corporationId, addedAt })) return false;
  await sweep(corporationId, getDataset(dataset));
  return true;
}

/** Who took the very first lease has made the row: a removal that had looked for rows before has not seen it. */
export const isFirst = ({ fence }: State, { addedAt }: Registration): boolean => fence === addedAt + 1;
