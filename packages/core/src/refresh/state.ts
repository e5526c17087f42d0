import type { EntityItem } from "electrodb";
import { readStored } from "../db/index.ts";
import { ignoreConditionFailed, isConditionFailed } from "../error/index.ts";
import { inLanes } from "../lanes/index.ts";
import * as Log from "../log/index.ts";
import { states, validators } from "./refresh.entity.ts";

type Stored = EntityItem<ReturnType<typeof states>>;
type Counted = "fence" | "version" | "rows" | "failures";

/** What is known of a dataset; one that was never refreshed has version 0 and no rows. */
export type State = Omit<Stored, Counted> & Record<Counted, number>;

/** A registration of a corporation: who was removed and added again is another one. */
export interface Registration {
  corporationId: number;
  addedAt: number;
}

/** A row from before registrations were told apart counts its leases from 0: it says nothing of its registration. */
function counted({ since, ...stored }: Stored): State {
  const counts = countsOf(stored);
  return { ...stored, ...counts, ...(since !== undefined && counts.fence >= since ? { since } : {}) };
}

const countsOf = ({ fence = 0, version = 0, rows = 0, failures = 0 }: Stored) => ({ fence, version, rows, failures });

/** A worker that is killed frees its dataset after this long; a living one renews well before. */
export const leaseMs = 30_000;
const renewEveryMs = 10_000;
/** Rows taken out of workers' hands at a time. */
const disownLanes = 16;

export async function find(corporationId: number, dataset: string): Promise<State | undefined> {
  const { data } = await states().get({ corporationId, dataset }).go({ consistent: true });
  return data ? counted(data) : undefined;
}

export async function list(corporationId: number): Promise<State[]> {
  const { data } = await states().query.byCorporation({ corporationId }).go({ pages: "all" });
  return data.map(counted);
}

const glanced = [
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
export type Glance = Pick<Stored, (typeof glanced)[number]>;

export async function glance(corporationId: number): Promise<Glance[]> {
  const query = states()
    .query.byCorporation({ corporationId })
    .params({ attributes: [...glanced] });
  return (await readStored(query)) as unknown as Glance[];
}

/**
 * Takes the lease if it is free, belongs to this registration, and the dataset is due: by its own time, or as a detail that
 * worked and was made from another version of its list than `listVersion`. Undefined: somebody else has it, or it was
 * refreshed already.
 */
export async function lease(
  { corporationId, addedAt }: Registration,
  dataset: string,
  now: number,
  listVersion?: number,
): Promise<State | undefined> {
  try {
    const { data } = await states()
      .update({ corporationId, dataset })
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
    return counted(data as Stored);
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
  const { corporationId, dataset, fence } = state;
  await states()
    .patch({ corporationId, dataset })
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
export type Outcome = Omit<State, "corporationId" | "dataset" | "fence" | "since" | "leaseUntil">;

/** Writes the outcome and frees the lease, in one write unit; refused if the lease was lost. */
export async function finish(state: State, outcome: Outcome): Promise<State> {
  const { corporationId, dataset, fence, since } = state;
  const next = { corporationId, dataset, fence, ...(since === undefined ? {} : { since }), ...outcome };
  await states()
    .put(next)
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    .catch(translate);
  return next;
}

/** Frees the lease and nothing else: the message comes again. */
export async function release(state: State): Promise<void> {
  const { corporationId, dataset, fence } = state;
  await states()
    .patch({ corporationId, dataset })
    .remove(["leaseUntil"])
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    .catch(translate);
}

/** Ends a back-off, because a person asks: `at` is when ESI's own expiry was. */
export async function hasten(state: State, at: number): Promise<void> {
  const { corporationId, dataset, fence } = state;
  await states()
    .patch({ corporationId, dataset })
    .set({ nextAt: at })
    .where((field, op) => op.eq(field.fence, fence))
    .go()
    // A worker has just taken it: it is being refreshed already.
    .catch(ignoreConditionFailed);
}

/** Takes the lease whether the dataset is due or not, for work on what is stored. Undefined: a worker has it. */
export async function leaseAnyway(
  { corporationId, addedAt }: Registration,
  dataset: string,
): Promise<State | undefined> {
  const now = Date.now();
  try {
    const { data } = await states()
      .patch({ corporationId, dataset })
      .add({ fence: 1 })
      .set({ leaseUntil: now + leaseMs })
      .where((field, op) => {
        const isOwn = `${op.notExists(field.since)} OR ${op.eq(field.since, addedAt)}`;
        return `(${isOwn}) AND (${op.notExists(field.leaseUntil)} OR ${op.lte(field.leaseUntil, now)})`;
      })
      .go({ response: "all_new" });
    return counted(data as Stored);
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Forgets one dataset's state: the next refresh is a first one. */
export async function remove(corporationId: number, dataset: string): Promise<void> {
  await Promise.all([
    states().delete({ corporationId, dataset }).go(),
    validators().delete({ corporationId, dataset }).go(),
  ]);
}

/** A dataset of which nobody can finish a refresh any more, whoever is at work on it. */
export interface Disowned {
  dataset: string;
  firstMonth?: string | undefined;
  /** Somebody is at work on it, as far as is known. */
  isLeased: boolean;
}

/**
 * Takes a removed corporation's datasets out of every worker's hands: they belong to no registration from then on. Their
 * rows stay until everything else is deleted, so that a removal which was interrupted can be done again.
 */
export async function disown(corporationId: number, at: number): Promise<Disowned[]> {
  const { data } = await states().query.byCorporation({ corporationId }).go({ pages: "all", consistent: true });
  const own = data.filter(({ since = 0 }) => since <= at);
  await inLanes(disownLanes, own, async ({ dataset }) => {
    await states()
      .patch({ corporationId, dataset })
      .set({ fence: at, since: at })
      .where((field, op) => `${op.notExists(field.since)} OR ${op.lte(field.since, at)}`)
      .go()
      .catch(ignoreConditionFailed);
  });
  return own.map(({ dataset, firstMonth, leaseUntil = 0 }) => ({ dataset, firstMonth, isLeased: leaseUntil > at }));
}

/** Deletes a dataset's state and validators if they belong to a registration from before `before`. */
export async function removeBefore(corporationId: number, dataset: string, before: number): Promise<void> {
  const key = { corporationId, dataset };
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
