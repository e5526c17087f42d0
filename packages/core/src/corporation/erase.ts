import { ignoreConditionFailed, isConditionFailed } from "../error/index.ts";
import { inLanes } from "../lanes/index.ts";
import * as Queue from "../queue/index.ts";
import { collectionsOf } from "../refresh/ledger.ts";
import { Message } from "../refresh/message.ts";
import * as State from "../refresh/state.ts";
import * as Schedule from "../schedule/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import { corporations } from "./corporation.entity.ts";
import { datasets } from "./datasets/index.ts";

/** Longer than any worker lives: what one that was killed has written meanwhile is then looked for once more. */
const lastLookSeconds = Queue.maxDelaySeconds;

/** Datasets whose rows are deleted at a time. */
const concurrency = 16;

interface Condition {
  /** Somebody has become a director just then. */
  isWanted?: () => Promise<boolean>;
  /** Only one whose time is over at this moment (epoch ms). */
  expiredAt?: number;
}

async function deleteRegistration(corporationId: number, expiredAt: number | undefined) {
  const deletion = corporations().delete({ corporationId });
  const conditional =
    expiredAt === undefined
      ? deletion
      : deletion.where((field, op) => `${op.notExists(field.corporationId)} OR ${op.lte(field.deleteAt, expiredAt)}`);
  return (await conditional.go({ response: "all_old" })).data;
}

/** Deletes the registration; true if it is to stay. */
async function strikeOut(corporationId: number, { isWanted, expiredAt }: Condition): Promise<boolean> {
  let registration: Awaited<ReturnType<typeof deleteRegistration>>;
  try {
    registration = await deleteRegistration(corporationId, expiredAt);
  } catch (error) {
    if (isConditionFailed(error)) return true;
    throw error;
  }
  if (!registration || !(await isWanted?.())) return false;
  await corporations()
    .create(registration)
    .go()
    // Registered anew already.
    .catch(ignoreConditionFailed);
  return true;
}

/** The messages of workers that were at work come again if those were killed; this one is for the last of their tries. */
async function lookAgain(corporationId: number, names: ReadonlySet<string>): Promise<void> {
  for (const { name, queue } of datasets.filter((dataset) => names.has(dataset.name))) {
    await Queue.send(queue, Message, [
      { message: { corporationId, dataset: name, reason: "schedule" }, delaySeconds: lastLookSeconds },
    ]);
  }
}

/**
 * Deletes everything that is stored of a corporation, whoever is at work on it (docs/adr/0017): first the registration,
 * from which workers know that there is none, then their leases, so that none of them can finish, then the rows. Done
 * again, it goes on where it was interrupted. Its place in the schedule goes last: whoever finds a stopped one without a
 * registration knows that a removal was interrupted. False: the corporation stays.
 */
export async function erase(corporationId: number, condition: Condition): Promise<boolean> {
  if (await strikeOut(corporationId, condition)) return false;
  const removedAt = Date.now();
  const before = removedAt + 1;
  await Schedule.stop(corporationId, removedAt);
  const disowned = await State.disown(corporationId, removedAt);
  const firstMonths = new Map(disowned.map(({ dataset, firstMonth }) => [dataset, firstMonth]));
  await lookAgain(corporationId, new Set(disowned.filter(({ isLeased }) => isLeased).map(({ dataset }) => dataset)));
  await Snapshot.remove({
    owner: `corporation#${corporationId}`,
    collections: datasets.flatMap((dataset) => collectionsOf(dataset, firstMonths.get(dataset.name))),
    before,
  });
  await inLanes(concurrency, disowned, ({ dataset }) => State.removeBefore(corporationId, dataset, before));
  await Schedule.remove(corporationId, removedAt);
  return true;
}
