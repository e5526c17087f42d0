import * as Actor from "../actor/index.ts";
import { tiers } from "../corporation/corporation.entity.ts";
import { datasets, get as getDataset } from "../corporation/datasets/index.ts";
import type { Tier } from "../corporation/index.ts";
import * as Log from "../log/index.ts";
import * as Queue from "../queue/index.ts";
import { Message } from "../refresh/message.ts";
import * as State from "../refresh/state.ts";
import { type BatchClass, queues, type RefreshQueue, refreshQueues } from "../topology/index.ts";
import { choose, type Decision, type Due, decide } from "./plan.ts";
import { schedules } from "./schedule.entity.ts";

/** Partitions that the schedule is spread over, so that no one of them is read or written too hard. */
const shards = 16;

const shardOf = (corporationId: number): number => corporationId % shards;

/** Messages that may wait in a queue: about a minute's work, so that the order in which they were chosen still means something. */
const shallow: Record<BatchClass, number> = { small: 600, medium: 300, large: 100 };

/** Corporations whose state is read at a time. */
const concurrency = 32;

interface Row {
  shard: number;
  corporationId: number;
  tier: Tier;
  wakeAt: number;
  sent: Record<string, number>;
}

/** Starts scheduling a corporation, or has it looked at anew. What was out is forgotten: a duplicate does nothing. */
export async function wake(corporationId: number, tier: Tier): Promise<void> {
  Actor.assertSystem();
  await schedules()
    .put({ shard: shardOf(corporationId), corporationId, tier, wakeAt: Date.now(), sent: {} })
    .go();
}

export async function remove(corporationId: number): Promise<void> {
  Actor.assertSystem();
  await schedules()
    .delete({ shard: shardOf(corporationId), corporationId })
    .go();
}

/** What is out for a corporation: dataset -> when it was sent (epoch ms). */
export async function sentOf(corporationId: number): Promise<Record<string, number>> {
  const { data } = await schedules()
    .get({ shard: shardOf(corporationId), corporationId })
    .go();
  return (data?.sent ?? {}) as Record<string, number>;
}

async function readShard(shard: number): Promise<Row[]> {
  const { data } = await schedules().query.byShard({ shard }).go({ pages: "all" });
  return data.map((row) => ({ ...row, sent: row.sent as Record<string, number> }));
}

const readAll = async (): Promise<Row[]> =>
  (await Promise.all(Array.from({ length: shards }, (_, shard) => readShard(shard)))).flat();

/** Every registered corporation. */
export async function corporations(): Promise<number[]> {
  Actor.assertSystem();
  return (await readAll()).map((row) => row.corporationId);
}

async function eachLimited<T, R>(items: readonly T[], limit: number, body: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await body(items[index] as T);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

interface Considered {
  row: Row;
  decision: Decision;
}

async function consider(row: Row, now: number): Promise<Considered> {
  const states = await State.list(row.corporationId);
  return { row, decision: decide({ ...row, datasets: states }, datasets, now) };
}

const dueOf = ({ row, decision }: Considered): Due[] =>
  decision.send.map(({ dataset, dueAt }) => ({ corporationId: row.corporationId, tier: row.tier, dataset, dueAt }));

async function dispatchQueue(queue: RefreshQueue, due: Due[]): Promise<Due[]> {
  if (due.length === 0) return [];
  const { waiting } = await Queue.depth(queue);
  const places = Math.max(0, shallow[queues[queue].batchClass] - waiting);
  const chosen = choose(due, places);
  await Queue.send(
    queue,
    Message,
    chosen.map(({ corporationId, dataset }) => ({ message: { corporationId, dataset, reason: "schedule" } })),
  );
  return chosen;
}

async function note({ row, decision }: Considered, sentNow: Set<string>, now: number): Promise<void> {
  const sent = { ...decision.sent };
  let { wakeAt } = decision;
  for (const { dataset } of decision.send) {
    if (sentNow.has(`${row.corporationId}/${dataset}`)) {
      sent[dataset] = now;
      wakeAt = Math.min(wakeAt, now + 60_000);
    } else {
      wakeAt = now;
    }
  }
  // A corporation that was removed meanwhile must not come back: patch refuses where there is no row.
  await schedules()
    .patch({ shard: row.shard, corporationId: row.corporationId })
    .set({ wakeAt, sent })
    .go()
    .catch((error: unknown) => Log.warn("schedule row not written", { error, corporationId: row.corporationId }));
}

export interface Tick {
  corporations: number;
  due: number;
  sent: number;
  /** Sent by tier. */
  byTier: Record<Tier, number>;
}

async function dispatch(rows: readonly Row[], now: number): Promise<Tick> {
  const considered = await eachLimited(rows, concurrency, (row) => consider(row, now));
  const due = considered.flatMap(dueOf);
  const byQueue = new Map<RefreshQueue, Due[]>(refreshQueues.map((queue) => [queue, []]));
  for (const each of due) byQueue.get(getDataset(each.dataset).queue)?.push(each);
  const chosen = (await Promise.all([...byQueue].map(([queue, waiting]) => dispatchQueue(queue, waiting)))).flat();
  const sentNow = new Set(chosen.map((each) => `${each.corporationId}/${each.dataset}`));
  await eachLimited(considered, concurrency, (each) => note(each, sentNow, now));
  const byTier = Object.fromEntries(tiers.map((tier) => [tier, 0])) as Record<Tier, number>;
  for (const each of chosen) byTier[each.tier] += 1;
  return { corporations: rows.length, due: due.length, sent: chosen.length, byTier };
}

/** The scheduler's round, once a minute: sends what is due, as far as the queues have room. */
export async function tick(): Promise<Tick> {
  Actor.assertSystem();
  const now = Date.now();
  const rows = await readAll();
  const awake = rows.filter((row) => row.wakeAt <= now);
  const result = await dispatch(awake, now);
  Log.info("tick", { ...result });
  return result;
}

/** Sends what one corporation has due at once, for somebody who has just added it. */
export async function dispatchNow(corporationId: number): Promise<Tick> {
  Actor.assertSystem();
  const { data } = await schedules()
    .get({ shard: shardOf(corporationId), corporationId })
    .go({ consistent: true });
  return dispatch(data ? [{ ...data, sent: data.sent as Record<string, number> }] : [], Date.now());
}
