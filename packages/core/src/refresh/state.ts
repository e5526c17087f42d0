import type { EntityItem } from "electrodb";
import { readStored } from "../db/index.ts";
import { isConditionFailed } from "../error/index.ts";
import * as Log from "../log/index.ts";
import { states, validators } from "./refresh.entity.ts";

type Stored = EntityItem<ReturnType<typeof states>>;
type Counted = "fence" | "version" | "rows" | "failures";

/** What is known of a dataset; one that was never refreshed has version 0 and no rows. */
export type State = Omit<Stored, Counted> & Record<Counted, number>;

const counted = (stored: Stored): State => ({ ...stored, ...countsOf(stored) });
const countsOf = ({ fence = 0, version = 0, rows = 0, failures = 0 }: Stored) => ({ fence, version, rows, failures });

/** A worker that is killed frees its dataset after this long; a living one renews well before. */
export const leaseMs = 30_000;
const renewEveryMs = 10_000;

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
 * Takes the lease if it is free and the dataset is due: by its own time, or as a detail that worked and was made from
 * another version of its list than `listVersion`. Undefined: somebody else has it, or it was refreshed already.
 */
export async function lease(
  corporationId: number,
  dataset: string,
  now: number,
  listVersion?: number,
): Promise<State | undefined> {
  try {
    const { data } = await states()
      .upsert({ corporationId, dataset })
      .add({ fence: 1 })
      .set({ leaseUntil: now + leaseMs })
      .where((field, op) => {
        const isDue = `${op.notExists(field.nextAt)} OR ${op.lte(field.nextAt, now)}`;
        const isFree = `${op.notExists(field.leaseUntil)} OR ${op.lte(field.leaseUntil, now)}`;
        if (listVersion === undefined) return `(${isFree}) AND (${isDue})`;
        const isBehind = `${op.notExists(field.listVersion)} OR ${op.ne(field.listVersion, listVersion)}`;
        return `(${isFree}) AND (${isDue} OR (${op.eq(field.failures, 0)} AND (${isBehind})))`;
      })
      .go({ response: "all_new" });
    return counted(data);
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
export type Outcome = Omit<State, "corporationId" | "dataset" | "fence" | "leaseUntil">;

/** Writes the outcome and frees the lease, in one write unit; refused if the lease was lost. */
export async function finish(state: State, outcome: Outcome): Promise<State> {
  const { corporationId, dataset, fence } = state;
  const next = { corporationId, dataset, fence, ...outcome };
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
    .catch((error: unknown) => {
      // A worker has just taken it: it is being refreshed already.
      if (!isConditionFailed(error)) throw error;
    });
}

/** Forgets a corporation's datasets. */
export async function removeAll(corporationId: number): Promise<void> {
  const all = await list(corporationId);
  const keys = all.map(({ dataset }) => ({ corporationId, dataset }));
  await Promise.all([states().delete(keys).go(), validators().delete(keys).go()]);
}

/** Takes the lease whether the dataset is due or not, for work on what is stored. Undefined: a worker has it. */
export async function leaseAnyway(corporationId: number, dataset: string): Promise<State | undefined> {
  const now = Date.now();
  try {
    const { data } = await states()
      .patch({ corporationId, dataset })
      .add({ fence: 1 })
      .set({ leaseUntil: now + leaseMs })
      .where((field, op) => `${op.notExists(field.leaseUntil)} OR ${op.lte(field.leaseUntil, now)}`)
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
