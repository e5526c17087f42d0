import type { Tier } from "../corporation/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { inDowntime } from "../esi/downtime.ts";
import { aheadMs, heldMs, lostAfterMs, type Pacing, recheckMs, ripeAt, type Timing } from "./cadence.ts";

/** What the scheduler knows of one dataset of a corporation; absent fields: never refreshed. */
export interface DatasetStatus extends Timing {
  dataset: string;
  leaseUntil?: number | undefined;
  /** What the last refresh has cost. */
  tokens?: number | undefined;
}

export interface CorporationStatus extends Pacing {
  /** What is out: dataset -> when it was to arrive in its queue. */
  sent: Record<string, number>;
  datasets: readonly DatasetStatus[];
}

export interface Sending {
  dataset: string;
  dueAt: number;
  /** When it is to arrive in its queue: now, or for those who are promised less than a minute at the expiry. */
  arriveAt: number;
}

export interface Decision {
  /** Datasets to send now. */
  send: Sending[];
  /** What is still out, those to be sent now not counted. */
  sent: Record<string, number>;
  /** When this corporation has to be looked at again, if nothing is sent now. */
  wakeAt: number;
}

/** Every corporation is looked at this often, whatever the figures say. */
const longestSleepMs = 3_600_000;

/** Whether a message is still on its way: delayed, queued, or worked on under a living lease. */
function isOut(sentAt: number | undefined, status: DatasetStatus | undefined, now: number): boolean {
  if (status?.leaseUntil !== undefined) return status.leaseUntil > now;
  if (sentAt === undefined) return false;
  if (sentAt > now) return true;
  const done = status?.refreshedAt !== undefined && status.refreshedAt >= sentAt;
  const deferred = status?.nextAt !== undefined && status.nextAt > now;
  return !done && !deferred && now - sentAt < lostAfterMs;
}

/** A dataset made from another one waits until that one has been fetched once. */
const waitsForOther = (dataset: Dataset, known: Map<string, DatasetStatus>) =>
  (dataset.after ?? []).some((other) => known.get(other)?.refreshedAt === undefined);

/**
 * What to do about one corporation now. Once one of its datasets is ripe (due, and its wait used up), everything that is
 * due goes along. Nothing is sent ahead into the daily downtime. Pure: the simulation and the scheduler run this very code.
 */
export function decide(corporation: CorporationStatus, datasets: readonly Dataset[], now: number): Decision {
  const { tier } = corporation;
  const known = new Map(corporation.datasets.map((status) => [status.dataset, status]));
  const decision: Decision = { send: [], sent: {}, wakeAt: now + longestSleepMs };
  const wakeBy = (at: number) => {
    decision.wakeAt = Math.min(decision.wakeAt, at);
  };
  const ripe: Sending[] = [];
  const company: Sending[] = [];
  for (const dataset of datasets) {
    const { name } = dataset;
    const status = known.get(name);
    const sentAt = corporation.sent[name];
    if (isOut(sentAt, status, now)) {
      if (sentAt !== undefined) decision.sent[name] = sentAt;
      wakeBy(Math.max(now, sentAt ?? now) + (status?.refreshedAt === undefined ? recheckMs.P0 : recheckMs[tier]));
    } else if (!waitsForOther(dataset, known)) {
      const dueAt = status?.nextAt ?? 0;
      const at = ripeAt(corporation, status ?? {}, now);
      if (at <= now || (at <= now + aheadMs[tier] && !inDowntime(at))) {
        ripe.push({ dataset: name, dueAt, arriveAt: Math.max(now, at) });
      } else {
        if (dueAt <= now) company.push({ dataset: name, dueAt, arriveAt: now });
        wakeBy(Math.max(now, at - aheadMs[tier]));
      }
    }
  }
  if (ripe.length > 0) decision.send = [...ripe, ...company];
  return decision;
}

/** What to remember of a corporation once its queues have taken what it had to send, or some of it: `arrivals` by name. */
export function noted(
  { corporationId, tier }: Pacing,
  decision: Decision,
  arrivals: ReadonlyMap<string, number>,
  now: number,
): { sent: Record<string, number>; wakeAt: number } {
  const sent = { ...decision.sent };
  let { wakeAt } = decision;
  for (const { dataset } of decision.send) {
    const arriveAt = arrivals.get(nameOf(corporationId, dataset));
    if (arriveAt !== undefined) sent[dataset] = arriveAt;
    wakeAt = Math.min(wakeAt, arriveAt === undefined ? now + heldMs[tier] : arriveAt + recheckMs[tier]);
  }
  return { sent, wakeAt };
}

/** Names one dataset of one corporation. */
export const nameOf = (corporationId: number, dataset: string): string => `${corporationId}/${dataset}`;

export interface Due extends Sending {
  corporationId: number;
  tier: Tier;
}

/** Of every ten places each tier is sure of these, as long as it has anything to send; the rest goes by tier. */
const guaranteed: Record<Tier, number> = { P0: 4, P1: 2, P2: 1, P3: 1 };
const tiersInOrder: Tier[] = ["P0", "P1", "P2", "P3"];

const byTier = <T extends { tier: Tier }>(all: readonly T[], order: (a: T, b: T) => number): Map<Tier, T[]> =>
  new Map(tiersInOrder.map((tier) => [tier, all.filter((each) => each.tier === tier).sort(order)]));

/**
 * Chooses which of the due datasets of one queue take its `places`: each tier its guaranteed share, oldest first, then
 * whatever is left from P0 down. So P0 goes first under a backlog, and P3 still moves.
 */
export function choose(due: readonly Due[], places: number): Due[] {
  const waiting = byTier(due, (a, b) => a.dueAt - b.dueAt);
  const chosen: Due[] = [];
  for (const tier of tiersInOrder) {
    const share = Math.max(1, Math.floor((places * guaranteed[tier]) / 10));
    chosen.push(...(waiting.get(tier) ?? []).splice(0, Math.min(share, places - chosen.length)));
  }
  for (const tier of tiersInOrder) chosen.push(...(waiting.get(tier) ?? []).splice(0, places - chosen.length));
  return chosen;
}

/**
 * The order in which corporations are looked at, so that a round which has to stop early has been fair: by turns as many
 * of each tier as its guaranteed share says, those that have waited longest first.
 */
export function inTurns<T extends { tier: Tier; wakeAt: number }>(awake: readonly T[]): T[] {
  const waiting = byTier(awake, (a, b) => a.wakeAt - b.wakeAt);
  const ordered: T[] = [];
  for (let turn = 0; ordered.length < awake.length; turn += 1) {
    for (const tier of tiersInOrder) {
      const from = turn * guaranteed[tier];
      ordered.push(...(waiting.get(tier) ?? []).slice(from, from + guaranteed[tier]));
    }
  }
  return ordered;
}
