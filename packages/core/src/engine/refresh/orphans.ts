import { keyOf, type Owner } from "../../owner/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import * as Agenda from "../agenda/index.ts";
import { collectionsOf } from "../collection/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { datasetsOf, described, findEnrolled } from "../kind/index.ts";
import { find, type Registration, removeBefore, type State } from "../state/index.ts";

/*
 * An owner may be removed between any two calls of a worker, and added again before the worker makes the next one
 * (docs/adr/0017). Lease numbers grow from one registration to the next. A removal takes all leases away, so the worker
 * cannot finish; whoever cannot finish looks here whether the registration is gone, and takes away what was written. Of a
 * worker who was killed the message comes again, and whoever gets it does the same.
 */

/**
 * Deletes what is stored of a dataset and does not belong to the registration that there is now, if there is one. Without
 * one nothing more is sent for the owner: its removal was interrupted, and is completed by the clean-up.
 */
export async function sweep(owner: Owner, dataset: Dataset): Promise<void> {
  const now = Date.now();
  const current = await findEnrolled(owner, { consistent: true });
  const before = current?.addedAt ?? now;
  const state = await find(owner, dataset.name);
  await Snapshot.remove({
    owner: keyOf(owner),
    collections: collectionsOf(dataset, state?.firstMonth),
    before,
  });
  await removeBefore(owner, dataset.name, before);
  if (!current) await Agenda.stop(owner, now);
  Log.info("registration is gone, nothing of it is kept", { ...described(owner), dataset: dataset.name });
}

const isRegistered = async ({ owner, addedAt }: Registration): Promise<boolean> =>
  (await findEnrolled(owner, { consistent: true }))?.addedAt === addedAt;

/**
 * Whether the registration that a worker took its lease for is gone. If it is, nothing is left of what the worker wrote.
 * Asked by a worker whose writes were refused.
 */
export async function sweepIfGone({ owner, dataset }: State, { addedAt }: Registration): Promise<boolean> {
  if (await isRegistered({ owner, addedAt })) return false;
  await sweep(owner, datasetsOf(owner).get(dataset));
  return true;
}

/** Who took the very first lease has made the row: a removal that had looked for rows before has not seen it. */
export const isFirst = ({ fence }: State, { addedAt }: Registration): boolean => fence === addedAt + 1;
