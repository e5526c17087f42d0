import type { EntityItem } from "electrodb";
import { keyOf, type Owner } from "../../owner/index.ts";
import { readStored } from "../../platform/db/index.ts";
import { ignoreConditionFailed, isConditionFailed } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import { states, validators } from "./state.entity.ts";

type Stored = EntityItem<ReturnType<typeof states>>;
type Counted = "fence" | "version" | "rows" | "failures";

/** What is known of a dataset; one that was never refreshed has version 0 and no rows. */
export type State = Omit<Stored, Counted | "owner"> & Record<Counted, number> & { owner: Owner };

/** A registration of an owner: one who was removed and added again has another one. */
export interface Registration {
  owner: Owner;
  addedAt: number;
}

/** A row from before registrations were told apart counts its leases from 0: it says nothing of its registration. */
function counted(owner: Owner, { since, ...stored }: Stored): State {
  const counts = countsOf(stored);
  return { ...stored, ...counts, owner, ...(since !== undefined && counts.fence >= since ? { since } : {}) };
}

const countsOf = ({ fence = 0, version = 0, rows = 0, failures = 0 }: Omit<Stored, "since">) => ({
  fence,
  version,
  rows,
  failures,
});

/** A worker that is killed frees its dataset after this long; a living one renews well before. */
export const leaseMs = 30_000;
const renewEveryMs = 10_000;
/** Rows taken out of workers' hands at a time. */
const disownLanes = 16;

const rowOf = (owner: Owner, dataset: string) => ({ owner: keyOf(owner), dataset });

export async function find(owner: Owner, dataset: string): Promise<State | undefined> {
  const { data } = await states().get(rowOf(owner, dataset)).go({ consistent: true });
  return data ? counted(owner, data) : undefined;
}

export async function list(owner: Owner): Promise<State[]> {
  const { data } = await states()
    .query.byOwner({ owner: keyOf(owner) })
    .go({ pages: "all" });
  return data.map((stored) => counted(owner, stored));
}

const schedulerAttributes = [
  "dataset",
  "nextAt",
  "leaseUntil",
  "refreshedAt",
  "changedAt",
  "errorAt",
  "failures",
  "blocked",
  "tokens",
  "version",
  "listVersion",
  "hasMore",
] as const;

/** What the scheduler asks of a state: a part of the row, and it reads thousands of them a minute. */
export type SchedulerState = Pick<Stored, (typeof schedulerAttributes)[number]>;

export async function listForScheduler(owner: Owner): Promise<SchedulerState[]> {
  const query = states()
    .query.byOwner({ owner: keyOf(owner) })
    .params({ attributes: [...schedulerAttributes] });
  return (await readStored(query)) as unknown as SchedulerState[];
}

/**
 * Takes the lease if it is free, belongs to this registration, and the dataset is due: by its own time, or as one that
 * worked and was made from another version of what it follows than `listVersion`. Undefined: somebody else has it, or it was
 * refreshed already.
 */
export async function lease(
  { owner, addedAt }: Registration,
  dataset: string,
  now: number,
  listVersion?: number,
): Promise<State | undefined> {
  try {
    const { data } = await states()
      .update(rowOf(owner, dataset))
      .data((field, op) => op.add(field.fence, 1, addedAt))
      .set({ leaseUntil: now + leaseMs, since: addedAt })
      .where((field, op) => {
        const isOwn = `${op.notExists(field.since)} OR ${op.eq(field.since, addedAt)}`;
        const isDue = `${op.notExists(field.nextAt)} OR ${op.lte(field.nextAt, now)}`;
        const isFree = `${op.notExists(field.leaseUntil)} OR ${op.lte(field.leaseUntil, now)}`;
        const isOpen = `(${isOwn}) AND (${isFree})`;
        if (listVersion === undefined) return `${isOpen} AND (${isDue})`;
        const isBehind = `${op.notExists(field.listVersion)} OR ${op.ne(field.listVersion, listVersion)}`;
        return `${isOpen} AND (${isDue} OR (${op.eq(field.failures, 0)} AND (${isBehind})))`;
      })
      .go({ response: "all_new" });
    return counted(owner, data as Stored);
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** The lease was taken over: whatever this worker did is void. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

const translate = (error: unknown): never => {
  if (isConditionFailed(error)) throw new LeaseLostError("another worker holds the lease", { cause: error });
  throw error;
};

async function renew(state: State): Promise<void> {
  const { owner, dataset, fence } = state;
  await states()
    .patch(rowOf(owner, dataset))
    .set({ leaseUntil: Date.now() + leaseMs })
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    .catch(translate);
}

/** Keeps the lease while `body` runs, however long that takes; short work costs nothing for it. */
export async function holding<T>(state: State, body: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    renew(state).catch((error: unknown) => Log.warn("lease not renewed", { error }));
  }, renewEveryMs);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}

/** What a finished refresh leaves behind. A missing field is removed from the row. */
export type Outcome = Omit<State, "owner" | "dataset" | "fence" | "since" | "leaseUntil">;

/** Writes the outcome and frees the lease, in one write unit; refused if the lease was lost. */
export async function finish(state: State, outcome: Outcome): Promise<State> {
  const { owner, dataset, fence, since } = state;
  const next = { dataset, fence, ...(since === undefined ? {} : { since }), ...outcome };
  await states()
    .put({ ...next, owner: keyOf(owner) })
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    .catch(translate);
  return { ...next, owner };
}

/** Frees the lease and nothing else: the message comes again. */
export async function release(state: State): Promise<void> {
  const { owner, dataset, fence } = state;
  await states()
    .patch(rowOf(owner, dataset))
    .remove(["leaseUntil"])
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    .catch(translate);
}

/** Ends a back-off, because a person asks: `at` is when ESI's own expiry was. */
export async function hasten(state: State, at: number): Promise<void> {
  const { owner, dataset, fence } = state;
  await states()
    .patch(rowOf(owner, dataset))
    .set({ nextAt: at })
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    // A worker has just taken it: it is being refreshed already.
    .catch(ignoreConditionFailed);
}

/** Takes the lease whether the dataset is due or not, for work on what is stored. Undefined: a worker has it. */
export async function leaseAnyway({ owner, addedAt }: Registration, dataset: string): Promise<State | undefined> {
  const now = Date.now();
  try {
    const { data } = await states()
      .patch(rowOf(owner, dataset))
      .add({ fence: 1 })
      .set({ leaseUntil: now + leaseMs })
      .where((field, op) => {
        const isOwn = `${op.notExists(field.since)} OR ${op.eq(field.since, addedAt)}`;
        return `(${isOwn}) AND (${op.notExists(field.leaseUntil)} OR ${op.lte(field.leaseUntil, now)})`;
      })
      .go({ response: "all_new" });
    return counted(owner, data as Stored);
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Forgets one dataset's state: the next refresh is a first one. */
export async function remove(owner: Owner, dataset: string): Promise<void> {
  await Promise.all([states().delete(rowOf(owner, dataset)).go(), validators().delete(rowOf(owner, dataset)).go()]);
}

/** A dataset of which nobody can finish a refresh any more, whoever is at work on it. */
export interface Disowned {
  dataset: string;
  firstMonth?: string | undefined;
  /** Somebody is at work on it, as far as is known. */
  isLeased: boolean;
}

/**
 * Takes a removed owner's datasets out of every worker's hands: they belong to no registration from then on. Their
 * rows stay until everything else is deleted, so that a removal which was interrupted can be done again.
 */
export async function disown(owner: Owner, at: number): Promise<Disowned[]> {
  const { data } = await states()
    .query.byOwner({ owner: keyOf(owner) })
    .go({ pages: "all", consistent: true });
  const own = data.filter(({ since = 0 }) => since <= at);
  await mapConcurrent(disownLanes, own, async ({ dataset }) => {
    await states()
      .patch(rowOf(owner, dataset))
      .set({ fence: at, since: at })
      .where((field, op) => `${op.notExists(field.since)} OR ${op.lte(field.since, at)}`)
      .go()
      .catch(ignoreConditionFailed);
  });
  return own.map(({ dataset, firstMonth, leaseUntil = 0 }) => ({ dataset, firstMonth, isLeased: leaseUntil > at }));
}

/** Deletes a dataset's state and validators if they belong to a registration from before `before`. */
export async function removeBefore(owner: Owner, dataset: string, before: number): Promise<void> {
  const key = rowOf(owner, dataset);
  await validators()
    .delete(key)
    .where(({ fence }, op) => `${op.notExists(fence)} OR ${op.lt(fence, before)}`)
    .go()
    .catch(ignoreConditionFailed);
  await states()
    .delete(key)
    .where(({ since }, op) => `${op.notExists(since)} OR ${op.lt(since, before)}`)
    .go()
    .catch(ignoreConditionFailed);
}
