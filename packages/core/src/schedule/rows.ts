import type { Tier } from "../corporation/index.ts";
import { readStored } from "../db/index.ts";
import { ignoreConditionFailed, isConditionFailed } from "../error/index.ts";
import * as Log from "../log/index.ts";
import { schedules } from "./schedule.entity.ts";

/** Partitions that the schedule is spread over, so that no one of them is read or written too hard. */
const shards = 16;

const keyOf = (corporationId: number) => ({ shard: corporationId % shards, corporationId });

export interface Row {
  corporationId: number;
  tier: Tier;
  wakeAt: number;
  sent: Record<string, number>;
  viewedAt?: number | undefined;
  stoppedAt?: number | undefined;
}

const rowOf = ({ sent, ...row }: Omit<Row, "sent"> & { sent: unknown }): Row => ({
  ...row,
  sent: sent as Row["sent"],
});

export async function put(row: Omit<Row, "stoppedAt"> & { viewedAt: number; since?: number }): Promise<void> {
  await schedules()
    .put({ ...keyOf(row.corporationId), ...row })
    .go();
}

export async function remove(corporationId: number, removedAt: number): Promise<void> {
  await schedules()
    .delete(keyOf(corporationId))
    .where(({ since }, op) => `${op.notExists(since)} OR ${op.lte(since, removedAt)}`)
    .go()
    .catch(ignoreConditionFailed);
}

export async function find(corporationId: number): Promise<Row | undefined> {
  const { data } = await schedules().get(keyOf(corporationId)).go({ consistent: true });
  return data ? rowOf(data) : undefined;
}

const attributes = [
  "corporationId",
  "tier",
  "wakeAt",
  "sent",
  "viewedAt",
  "stoppedAt",
] as const satisfies (keyof Row)[];

const readShard = async (shard: number): Promise<Row[]> => {
  const query = schedules()
    .query.byShard({ shard })
    .params({ attributes: [...attributes] });
  return (await readStored(query)) as unknown as Row[];
};

export const readAll = async (): Promise<Row[]> =>
  (await Promise.all(Array.from({ length: shards }, (_, shard) => readShard(shard)))).flat();

/** Remembers what was decided. A corporation that was removed meanwhile must not come back: patch refuses it. */
export async function note(corporationId: number, decided: Pick<Row, "wakeAt" | "sent">): Promise<void> {
  await schedules()
    .patch(keyOf(corporationId))
    .set(decided)
    .go()
    .catch((error: unknown) => Log.warn("schedule row not written", { error, corporationId }));
}

/** Remembers a look, unless one has been remembered since `since`. Returns when the one before was; undefined: not noted. */
export async function noteLook(corporationId: number, now: number, since: number): Promise<number | undefined> {
  try {
    const { data } = await schedules()
      .patch(keyOf(corporationId))
      .set({ viewedAt: now })
      .where((field, op) => {
        const isLongAgo = `${op.notExists(field.viewedAt)} OR ${op.lte(field.viewedAt, since)}`;
        return `${op.notExists(field.stoppedAt)} AND (${isLongAgo})`;
      })
      .go({ response: "all_old" });
    return data.viewedAt ?? now;
  } catch (error) {
    // Noted already, or nothing is fetched of the corporation any more.
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** Has the corporation looked at by then, if that is sooner than it was to be. */
export async function hasten(corporationId: number, at: number): Promise<void> {
  await schedules()
    .patch(keyOf(corporationId))
    .set({ wakeAt: at })
    .where(({ wakeAt }, op) => op.gt(wakeAt, at))
    .go()
    // Looked at sooner anyway, or not scheduled any more.
    .catch(ignoreConditionFailed);
}

/** Whoever is gone meanwhile stays gone. */
const patched = async (update: Promise<unknown>): Promise<void> => {
  await update.catch(ignoreConditionFailed);
};

/** Has nothing sent any more for a corporation that was registered by then; its row stays. */
export const stop = (corporationId: number, at: number): Promise<void> =>
  patched(
    schedules()
      .patch(keyOf(corporationId))
      .set({ stoppedAt: at, sent: {} })
      .where(({ since, stoppedAt }, op) => {
        const isMeant = `${op.notExists(since)} OR ${op.lte(since, at)}`;
        return `${op.notExists(stoppedAt)} AND (${isMeant})`;
      })
      .go(),
  );

/** Has everything that is due sent in the next round, as for a corporation that somebody has just looked at. */
export const restart = (corporationId: number): Promise<void> => {
  const now = Date.now();
  return patched(
    schedules().patch(keyOf(corporationId)).set({ wakeAt: now, sent: {}, viewedAt: now }).remove(["stoppedAt"]).go(),
  );
};
