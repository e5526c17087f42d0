import type { Tier } from "../corporation/index.ts";
import type { Dataset } from "../dataset/index.ts";

/** What the scheduler knows of one dataset of a corporation; absent fields: never refreshed. */
export interface DatasetStatus {
  dataset: string;
  nextAt?: number | undefined;
  leaseUntil?: number | undefined;
  refreshedAt?: number | undefined;
}

export interface CorporationStatus {
  corporationId: number;
  tier: Tier;
  sent: Record<string, number>;
  datasets: DatasetStatus[];
}

export interface Decision {
  /** Datasets to send now, each with when it became due. */
  send: { dataset: string; dueAt: number }[];
  /** What is still out, those to be sent now not counted. */
  sent: Record<string, number>;
  /** When this corporation has to be looked at again, if nothing is sent now. */
  wakeAt: number;
}

/**
 * How long after its expiry a dataset may wait to be fetched together with others: a quarter of the tier's freshness
 * target, so that a lower tier is woken less often and still meets it.
 */
const slackMs: Record<Tier, number> = { P0: 0, P1: 15_000, P2: 225_000, P3: 900_000 };

/** A message that has neither been worked on nor come back after this long is sent again; a duplicate does nothing. */
const lostAfterMs = 10 * 60_000;
/** Corporations with something out are looked at this often. */
const recheckMs = 60_000;
/** And every one at least this often, whatever the figures say. */
const longestSleepMs = 3_600_000;

/** Whether a message is still on its way: queued, or worked on under a living lease. */
function isOut(sentAt: number | undefined, status: DatasetStatus | undefined, now: number): boolean {
  if (status?.leaseUntil !== undefined) return status.leaseUntil > now;
  if (sentAt === undefined) return false;
  const done = status?.refreshedAt !== undefined && status.refreshedAt >= sentAt;
  const deferred = status?.nextAt !== undefined && status.nextAt > now;
  return !done && !deferred && now - sentAt < lostAfterMs;
}

/** A dataset made from another one waits until that one has been fetched once. */
const waitsForOther = (dataset: Dataset, known: Map<string, DatasetStatus>) =>
  (dataset.after ?? []).some((other) => known.get(other)?.refreshedAt === undefined);

/**
 * What to do about one corporation now. Once one of its datasets is ripe (due, and its slack used up), everything that is
 * due goes along. Pure: the simulation and the scheduler run this very code.
 */
export function decide(corporation: CorporationStatus, datasets: readonly Dataset[], now: number): Decision {
  const known = new Map(corporation.datasets.map((status) => [status.dataset, status]));
  const decision: Decision = { send: [], sent: {}, wakeAt: now + longestSleepMs };
  const wakeBy = (at: number) => {
    decision.wakeAt = Math.min(decision.wakeAt, at);
  };
  const due: Decision["send"] = [];
  let ripe = false;
  for (const dataset of datasets) {
    const status = known.get(dataset.name);
    const sentAt = corporation.sent[dataset.name];
    if (isOut(sentAt, status, now)) {
      if (sentAt !== undefined) decision.sent[dataset.name] = sentAt;
      wakeBy(now + recheckMs);
    } else if (waitsForOther(dataset, known)) {
      wakeBy(now + recheckMs);
    } else {
      const dueAt = status?.nextAt ?? 0;
      const ripeAt = status?.nextAt === undefined ? 0 : dueAt + slackMs[corporation.tier];
      if (dueAt <= now) due.push({ dataset: dataset.name, dueAt });
      if (ripeAt <= now) ripe = true;
      else wakeBy(ripeAt);
    }
  }
  if (ripe) decision.send = due;
  return decision;
}

export interface Due {
  corporationId: number;
  tier: Tier;
  dataset: string;
  dueAt: number;
}

/** Of every ten places in a queue each tier is sure of these, as long as it has anything to send; the rest goes by tier. */
const guaranteed: Record<Tier, number> = { P0: 4, P1: 2, P2: 1, P3: 1 };
const tiersInOrder: Tier[] = ["P0", "P1", "P2", "P3"];

/**
 * Chooses which of the due datasets of one queue take its `places`: each tier its guaranteed share, oldest first, then
 * whatever is left from P0 down. So P0 goes first under a backlog, and P3 still moves.
 */
export function choose(due: readonly Due[], places: number): Due[] {
  if (due.length <= places) return [...due];
  const waiting = new Map(
    tiersInOrder.map((tier) => [tier, due.filter((each) => each.tier === tier).sort((a, b) => a.dueAt - b.dueAt)]),
  );
  const chosen: Due[] = [];
  for (const tier of tiersInOrder) {
    const share = Math.max(1, Math.floor((places * guaranteed[tier]) / 10));
    chosen.push(...(waiting.get(tier) ?? []).splice(0, Math.min(share, places - chosen.length)));
  }
  for (const tier of tiersInOrder) chosen.push(...(waiting.get(tier) ?? []).splice(0, places - chosen.length));
  return chosen;
}
