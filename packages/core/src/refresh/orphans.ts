import * as Corporation from "../corporation/index.ts";
import type { Dataset } from "../dataset/index.ts";
import * as Log from "../log/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { collectionsOf } from "./ledger.ts";
import { remove } from "./state.ts";

/**
 * A corporation may be removed while one of its datasets is being fetched: what the worker then wrote came too late to be
 * deleted with the rest, and goes now. Does nothing while the corporation is there.
 */
export async function removeOrphans(corporationId: number, dataset: Dataset): Promise<void> {
  if (await Corporation.registered(corporationId)) return;
  await Snapshot.removeOwner({ owner: `corporation#${corporationId}`, collections: collectionsOf(dataset) });
  await remove(corporationId, dataset.name);
  Log.info("corporation was removed meanwhile, nothing of it is kept");
}
