import { tiers } from "../corporation/corporation.entity.ts";
import { canFetch, datasets, get as getDataset } from "../corporation/datasets/index.ts";
import * as Directors from "../corporation/directors.ts";
import type { Tier } from "../corporation/index.ts";
import { inLanes } from "../lanes/index.ts";
import * as Queue from "../queue/index.ts";
import { Message } from "../refresh/message.ts";
import * as State from "../refresh/state.ts";
import { queues, type RefreshQueue, refreshQueues } from "../topology/index.ts";
import { admit } from "./admit.ts";
import { afford, type Payer, tightGroups } from "./budget.ts";
import { isPlenty, type Pace } from "./pace.ts";
import { arrivalsOf, type Decision, type Due, decide, noted } from "./plan.ts";
import { note, type Row } from "./rows.ts";

/** Corporations whose state is read, or whose row is written, at a time. */
const concurrency = 16;

const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));

async function payers(corporationId: number): Promise<Payer[]> {
  const all = await Directors.load(corporationId);
  return all
    .filter(Directors.isHealthy)
    .map((director) => ({ mayFetch: (dataset) => canFetch(dataset, director), buckets: director.buckets }));
}

/** What to do about one corporation, as far as its directors' buckets can pay for it. */
async function consider(row: Row, now: number): Promise<Decision> {
  const statuses = await State.glance(row.corporationId);
  const decision = decide({ ...row, datasets: statuses }, datasets, now);
  if (decision.send.length === 0) return decision;
  const tight = tightGroups(statuses, datasets);
  if (tight.size === 0) return decision;
  return afford(decision, { statuses, datasets: byName, payers: await payers(row.corporationId), tight }, now);
}

async function send(queue: RefreshQueue, due: readonly Due[]): Promise<void> {
  await Queue.send(
    queue,
    Message,
    due.map(({ corporationId, dataset, arriveAt }) => ({
      message: { corporationId, dataset, reason: "schedule" },
      // Upwards, so that nothing arrives before its expiry.
      delaySeconds: Math.ceil(Math.max(0, arriveAt - Date.now()) / 1000),
    })),
  );
}

/** Sends datasets of one corporation without waiting for a round, whatever the queues' paces. */
export async function sendNow(
  corporationId: number,
  some: readonly { dataset: string }[],
  reason: Message["reason"],
): Promise<void> {
  await Promise.all(
    refreshQueues.map((queue) => {
      const own = some.filter(({ dataset }) => getDataset(dataset).queue === queue);
      if (own.length === 0) return undefined;
      return Queue.send(
        queue,
        Message,
        own.map(({ dataset }) => ({ message: { corporationId, dataset, reason } })),
      );
    }),
  );
}

export type Paces = Partial<Record<RefreshQueue, Pace>>;

/** Sends as many as the queue has room for. */
async function fill(queue: RefreshQueue, due: readonly Due[], before: Pace | undefined, now: number) {
  const admitted = await admit(due, before, { workers: queues[queue], depth: () => Queue.depth(queue), now });
  await send(queue, admitted.chosen);
  return { queue, ...admitted };
}

function changes(row: Row, next: Pick<Row, "wakeAt" | "sent">): boolean {
  const names = Object.keys(next.sent);
  return (
    next.wakeAt !== row.wakeAt ||
    names.length !== Object.keys(row.sent).length ||
    names.some((name) => next.sent[name] !== row.sent[name])
  );
}

export interface Round {
  /** Corporations that were to be looked at. */
  corporations: number;
  due: number;
  sent: number;
  /** Sent by tier. */
  byTier: Record<Tier, number>;
  paces: Paces;
}

/**
 * Looks at these corporations in this order, but for those that are stopped, and sends what they have due. Stops looking
 * when the time is up, or when more is due in each queue than it can take; the others stay awake for the next round. A queue
 * that does not take its messages is told after the others have got theirs.
 */
export async function dispatch(
  all: readonly Row[],
  { now, until, paces }: { now: number; until: number; paces: Paces },
): Promise<Round> {
  const rows = all.filter(({ stoppedAt }) => stoppedAt === undefined);
  const considered: { row: Row; decision: Decision }[] = [];
  const due = new Map<RefreshQueue, Due[]>(refreshQueues.map((queue) => [queue, []]));
  const enough = (queue: RefreshQueue) => isPlenty(due.get(queue)?.length ?? 0, paces[queue], queues[queue]);
  await inLanes(concurrency, rows, async (row) => {
    if (Date.now() >= until || refreshQueues.every(enough)) return;
    const decision = await consider(row, now);
    considered.push({ row, decision });
    for (const each of decision.send) due.get(getDataset(each.dataset).queue)?.push(each);
  });
  const filled = await Promise.allSettled([...due].map(([queue, all]) => fill(queue, all, paces[queue], now)));
  const sent = filled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const chosen = sent.flatMap((each) => each.chosen);
  const arrivals = arrivalsOf(chosen);
  await inLanes(concurrency, considered, async ({ row, decision }) => {
    const next = noted(row, decision, arrivals, now);
    if (changes(row, next)) await note(row.corporationId, next);
  });
  const failed = filled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const byTier = Object.fromEntries(tiers.map((tier) => [tier, 0])) as Record<Tier, number>;
  for (const { tier } of chosen) byTier[tier] += 1;
  return {
    corporations: rows.length,
    due: [...due.values()].reduce((sum, { length }) => sum + length, 0),
    sent: chosen.length,
    byTier,
    paces: { ...paces, ...Object.fromEntries(sent.flatMap(({ queue, pace }) => (pace ? [[queue, pace]] : []))) },
  };
}
