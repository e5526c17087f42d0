import { type Dataset, shapeOf, type View } from "../dataset/index.ts";
import { VisibleError } from "../error/index.ts";
import { address } from "../refresh/ingest.ts";
import * as Snapshot from "../snapshot/index.ts";

/** Earlier versions kept in the process: paging and sorting ask for the same one again and again. */
const maxKept = 4;
const kept = new Map<string, Promise<View>>();

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

/** A snapshot's rows as they were at a moment (epoch ms). Throws `history.too_old` where that is no longer known. */
export async function viewAt(corporationId: number, dataset: Dataset, moment: number): Promise<View> {
  const where = address(corporationId, dataset);
  const { version, changedAt } = await Snapshot.describe(where);
  if (moment >= changedAt) return Snapshot.read(where, shapeOf(dataset));
  const key = `${where.owner}/${where.collection}/${version}/${moment}`;
  const view = kept.get(key) ?? Snapshot.at(where, shapeOf(dataset), moment);
  kept.delete(key);
  kept.set(key, view);
  view.catch(() => kept.delete(key));
  const [oldest] = kept.keys();
  if (kept.size > maxKept && oldest) kept.delete(oldest);
  return view.catch(refuse);
}
