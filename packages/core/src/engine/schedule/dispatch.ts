import * as Owner from "../../owner/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import { queues, type RefreshQueue, refreshQueues } from "../../platform/topology/index.ts";
import { type AgendaRow, save } from "../agenda/index.ts";
import { datasetsOf, kindOf } from "../kind/index.ts";
import { Message } from "../refresh/index.ts";
import * as State from "../state/index.ts";
import { admit } from "./admit.ts";
import { afford, tightGroups } from "./budget.ts";
import { isPlenty, type Pace } from "./pace.ts";
import { arrivalsOf, type Decision, type Due, decide, next, togetherOf } from "./plan.ts";

/** Owners whose state is read, or whose row is written, at a time. */
const concurrency = 16;

/** What to do about one owner, as far as its fetchers' buckets can pay for it. */
async function consider(row: AgendaRow, now: number): Promise<Decision> {
  const { owner } = row;
  const { datasets: catalogue, payers } = kindOf(owner);
  const { datasets } = catalogue;
  const statuses = await State.listForScheduler(owner);
  const decision = decide({ ...row, datasets: statuses }, datasets, now);
  if (decision.send.length === 0) return decision;
  const tight = tightGroups(statuses, datasets);
  if (tight.size === 0) return decision;
  return afford(decision, { statuses, catalogue, payers: await payers(owner), tight }, now);
}

async function send(queue: RefreshQueue, together: readonly (readonly Due[])[]): Promise<void> {
  await Queue.send(
    queue,
    Message,
    together.flatMap((due) => {
      const [first] = due;
      if (!first) return [];
      return {
        message: { owner: first.owner, datasets: due.map(({ dataset }) => dataset), reason: "schedule" as const },
        // Upwards, so that nothing arrives before its expiry.
        delaySeconds: Math.ceil(Math.max(0, first.arriveAt - Date.now()) / 1000),
      };
    }),
  );
}

export type Paces = Partial<Record<RefreshQueue, Pace>>;

/** Sends as many as the queue has room for. */
async function fill(queue: RefreshQueue, due: readonly Due[], before: Pace | undefined, now: number) {
  const admitted = await admit(due, before, { workers: queues[queue], depth: () => Queue.depth(queue), now });
  const together = togetherOf(admitted.chosen);
  await send(queue, together);
  return { queue, chosen: together.flat(), pace: admitted.pace };
}

function changes(row: AgendaRow, next: Pick<AgendaRow, "wakeAt" | "sent">): boolean {
  const names = Object.keys(next.sent);
  return (
    next.wakeAt !== row.wakeAt ||
    names.length !== Object.keys(row.sent).length ||
    names.some((name) => next.sent[name] !== row.sent[name])
  );
}

export interface Dispatched {
  /** Owners that were to be looked at. */
  owners: number;
  due: number;
  sent: number;
  /** Sent by tier. */
  byTier: Record<Owner.Tier, number>;
  paces: Paces;
}

/**
 * Looks at these owners in this order, but for those that are stopped, and sends what they have due. Stops looking
 * when the time is up, or when more is due in each queue than it can take; the others stay awake for the next round. A queue
 * that does not take its messages is reported after the others have got theirs.
 */
export async function dispatch(
  all: readonly AgendaRow[],
  { now, until, paces }: { now: number; until: number; paces: Paces },
): Promise<Dispatched> {
  const rows = all.filter(({ stoppedAt }) => stoppedAt === undefined);
  const considered: { row: AgendaRow; decision: Decision }[] = [];
  const due = new Map<RefreshQueue, Due[]>(refreshQueues.map((queue) => [queue, []]));
  const enough = (queue: RefreshQueue) => isPlenty(due.get(queue)?.length ?? 0, paces[queue], queues[queue]);
  await mapConcurrent(concurrency, rows, async (row) => {
    if (Date.now() >= until || refreshQueues.every(enough)) return;
    const decision = await consider(row, now);
    considered.push({ row, decision });
    for (const each of decision.send) due.get(datasetsOf(each.owner).get(each.dataset).queue)?.push(each);
  });
  const filled = await Promise.allSettled([...due].map(([queue, all]) => fill(queue, all, paces[queue], now)));
  const sent = filled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const chosen = sent.flatMap((each) => each.chosen);
  const arrivals = arrivalsOf(chosen);
  await mapConcurrent(concurrency, considered, async ({ row, decision }) => {
    const following = next(row, decision, arrivals, now);
    if (changes(row, following)) await save(row.owner, following);
  });
  const failed = filled.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  const byTier = Object.fromEntries(Owner.tiers.map((tier) => [tier, 0])) as Record<Owner.Tier, number>;
  for (const { tier } of chosen) byTier[tier] += 1;
  return {
    owners: rows.length,
    due: [...due.values()].reduce((sum, { length }) => sum + length, 0),
    sent: chosen.length,
    byTier,
    paces: { ...paces, ...Object.fromEntries(sent.flatMap(({ queue, pace }) => (pace ? [[queue, pace]] : []))) },
  };
}
