import type { Owner } from "../../owner/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { Bounded } from "../../platform/lru/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address } from "../collection/index.ts";
import { type Dataset, shapeOf, type View } from "../dataset/index.ts";

/** Earlier versions kept in the process: paging and sorting ask for the same one again and again. */
const kept = new Bounded<string, Promise<View>>(4);

const tooOld = (since: number) =>
  new VisibleError(
    "validation",
    "history.too_old",
    `That is longer ago than is kept: what is known begins at ${new Date(since).toISOString()}.`,
    { since: new Date(since).toISOString() },
  );

const refuse = (error: unknown): never => {
  throw error instanceof Snapshot.ForgottenError ? tooOld(error.since) : error;
};

/** A version, and the moment as of which it is found again. */
export interface Moment {
  view: View;
  /** Epoch ms. */
  moment: number;
}

async function latest(owner: Owner, dataset: Dataset): Promise<Moment> {
  const where = address(owner, dataset);
  // Asked for together, both look at the same head: that costs one read.
  const [view, { version, changedAt }] = await Promise.all([
    Snapshot.read(where, shapeOf(dataset)),
    Snapshot.describe(where),
  ]);
  return view.version === version ? { view, moment: changedAt } : latest(owner, dataset);
}

/**
 * A snapshot's rows as they were at a moment (epoch ms), or are. Throws `history.too_old` where that is no longer known.
 */
export async function readAt(owner: Owner, dataset: Dataset, moment?: number): Promise<Moment> {
  if (moment === undefined) return latest(owner, dataset);
  const where = address(owner, dataset);
  const { version, changedAt } = await Snapshot.describe(where);
  if (moment >= changedAt) return latest(owner, dataset);
  const key = `${where.owner}/${where.collection}/${version}/${moment}`;
  const view = kept.get(key) ?? Snapshot.at(where, shapeOf(dataset), moment);
  kept.set(key, view);
  view.catch(() => kept.delete(key));
  return { view: await view.catch(refuse), moment };
}

export const viewAt = async (owner: Owner, dataset: Dataset, moment: number): Promise<View> =>
  (await readAt(owner, dataset, moment)).view;
