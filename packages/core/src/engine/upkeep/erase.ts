import { keyOf, type Owner } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import * as Agenda from "../agenda/index.ts";
import { collectionsOf } from "../collection/index.ts";
import { datasetsOf } from "../kind/index.ts";
import { sendNow } from "../refresh/index.ts";
import * as State from "../state/index.ts";

/** Longer than any worker lives: what one that was killed has written meanwhile is then looked for once more. */
const lastLookSeconds = Queue.maxDelaySeconds;

/** Datasets whose rows are deleted at a time. */
const concurrency = 16;

/** The messages of workers that were at work come again if those were killed; this one is for the last of their tries. */
const lookAgain = (owner: Owner, names: ReadonlySet<string>): Promise<void> =>
  sendNow(
    owner,
    datasetsOf(owner).datasets.flatMap(({ name }) => (names.has(name) ? [name] : [])),
    "schedule",
    lastLookSeconds,
  );

/**
 * Deletes everything that is stored of an owner whose registration was removed at `removedAt` (epoch ms), whoever is at
 * work on it (docs/adr/0017): first the workers' leases, so that none of them can finish, then the rows. What a later
 * registration has written stays. Done again, it goes on where it was interrupted. The owner's place in the agenda goes
 * last: whoever finds a stopped one without a registration knows that a removal was interrupted.
 */
export async function erase(owner: Owner, removedAt: number): Promise<void> {
  Actor.assertSystem();
  const before = removedAt + 1;
  await Agenda.stop(owner, removedAt);
  const disowned = await State.disown(owner, removedAt);
  const firstMonths = new Map(disowned.map(({ dataset, firstMonth }) => [dataset, firstMonth]));
  await lookAgain(owner, new Set(disowned.filter(({ isLeased }) => isLeased).map(({ dataset }) => dataset)));
  await Snapshot.remove({
    owner: keyOf(owner),
    collections: datasetsOf(owner).datasets.flatMap((dataset) => collectionsOf(dataset, firstMonths.get(dataset.name))),
    before,
  });
  await mapConcurrent(concurrency, disowned, ({ dataset }) => State.removeBefore(owner, dataset, before));
  await Agenda.remove(owner, removedAt);
}
