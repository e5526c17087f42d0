import { ignoreConditionFailed } from "../platform/error/index.ts";
import { mapConcurrent } from "../platform/parallel/index.ts";
import * as Cache from "./cache.ts";
import type { Address } from "./shape.ts";
import { base, delta, head } from "./snapshot.entity.ts";

/** Deletions side by side. */
const concurrency = 16;
const collectionLanes = 8;

/** Deletes what was written of one collection under a lease number below `before`, history included. */
export async function removeCollection(address: Address, before: number): Promise<void> {
  const [current, bases, deltas] = await Promise.all([
    head()
      .get(address)
      .go({ consistent: true, attributes: ["fence"] }),
    base()
      .query.primary(address)
      .go({ pages: "all", consistent: true, attributes: ["slot", "part", "fence"] }),
    delta()
      .query.history(address)
      .go({ pages: "all", consistent: true, attributes: ["version", "part", "fence"] }),
  ]);
  const isOld = ({ fence }: { fence: number }) => fence < before;
  if (current.data && isOld(current.data)) {
    await head()
      .delete(address)
      .where(({ fence }, op) => op.lt(fence, before))
      .go()
      .catch(ignoreConditionFailed);
  }
  await mapConcurrent(concurrency, bases.data.filter(isOld), async ({ slot, part }) => {
    await base()
      .delete({ ...address, slot, part })
      .where(({ fence }, op) => op.lt(fence, before))
      .go()
      .catch(ignoreConditionFailed);
  });
  await mapConcurrent(concurrency, deltas.data.filter(isOld), async ({ version, part }) => {
    await delta()
      .delete({ ...address, version, part })
      .where(({ fence }, op) => op.lt(fence, before))
      .go()
      .catch(ignoreConditionFailed);
  });
}

/**
 * Deletes an owner's collections as far as they were written under lease numbers below `before`. These grow from one
 * registration of an owner to the next, so nothing of a later registration is touched, whenever this runs.
 */
export async function remove({
  owner,
  collections,
  before,
}: {
  owner: string;
  collections: readonly string[];
  before: number;
}): Promise<void> {
  await mapConcurrent(collectionLanes, collections, async (collection) => {
    await removeCollection({ owner, collection }, before);
    Cache.drop({ owner, collection });
  });
}
