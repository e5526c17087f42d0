import { inDowntime } from "../../eve/esi/downtime.ts";
import { keyOf, type Tier } from "../../owner/index.ts";
import {
  dueNowAt,
  isImmediate,
  leadMs,
  lostAfterMs,
  type Pacing,
  recheckMs,
  retryMs,
  type Timing,
} from "../agenda/cadence.ts";
import { type Dataset, followAt } from "../dataset/index.ts";

/** What the scheduler knows of one dataset of an owner; absent fields: never refreshed. */
export interface DatasetStatus extends Timing {
  dataset: string;
  leaseUntil?: number | undefined;
  /** When the last failure was, if nothing has worked since. */
  errorAt?: number | undefined;
  /** What the last refresh has cost. */
  tokens?: number | undefined;
  /** Counts changes, the last of which was at `changedAt`. */
  version?: number | undefined;
  changedAt?: number | undefined;
  /** The version of what it follows that it was made from (dataset/follow.ts). */
  listVersion?: number | undefined;
}

export interface OwnerStatus extends Pacing {
  /** What is out: dataset -> when it was to arrive in its queue. */
  sent: Record<string, number>;
  datasets: readonly DatasetStatus[];
}

export interface Due extends Pick<Pacing, "owner" | "tier"> {
  dataset: string;
  dueAt: number;
  /** When it is to arrive in its queue: now, or, for P0, at the expiry. */
  arriveAt: number;
  /** How soon after its arrival it is looked at what has become of it. */
  recheckMs: number;
}

export interface Decision {
  /** Datasets to send now. */
  send: Due[];
  /** What is still out, those to be sent now not counted. */
  sent: Record<string, number>;
  /** When this owner has to be looked at again, if nothing is sent now. */
  wakeAt: number;
}

/** Every owner is looked at this often, whatever the figures say. */
const longestSleepMs = 3_600_000;

/** Whether a message is still on its way: delayed, queued, or worked on under a living lease. */
function isOut(sentAt: number | undefined, status: DatasetStatus | undefined, dueAt: number, now: number): boolean {
  const leaseUntil = status?.leaseUntil ?? 0;
  if (leaseUntil > now) return true;
  // A lease that ran out was that of a worker who died with this message, unless it has been sent again since.
  if (sentAt === undefined || leaseUntil >= sentAt) return false;
  if (sentAt > now) return true;
  const endedAt = Math.max(status?.refreshedAt ?? 0, status?.errorAt ?? 0);
  return endedAt < sentAt && dueAt <= now && now - sentAt < lostAfterMs;
}

type Known = ReadonlyMap<string, DatasetStatus>;

const known = new WeakMap<readonly DatasetStatus[], Known>();

/** The statuses by name; several steps of one decision ask for them. */
export function byDataset(statuses: readonly DatasetStatus[]): Known {
  let found = known.get(statuses);
  if (!found) {
    found = new Map(statuses.map((status) => [status.dataset, status]));
    known.set(statuses, found);
  }
  return found;
}

/** A dataset made from another one waits until that one has been fetched once. */
const waitsForOther = ({ after }: Dataset, statuses: Known) =>
  after?.some((other) => statuses.get(other)?.refreshedAt === undefined) ?? false;

/**
 * When a dataset is due: when it expires, and already when what it follows has changed since, as a detail follows its list.
 * What failed waits for the end of its back-off, whatever has changed.
 */
function dueAtOf(dataset: Dataset, statuses: Known): number {
  const status = statuses.get(dataset.name);
  const ownAt = status?.nextAt ?? 0;
  if (!status || status.failures) return ownAt;
  return Math.min(ownAt, followAt(dataset, status, statuses) ?? ownAt);
}

const wasNeverTried = ({ refreshedAt, errorAt }: DatasetStatus): boolean =>
  refreshedAt === undefined && errorAt === undefined;

/** How a dataset stands: what of it is to be sent, and when it has to be looked at again if it is not. */
interface Standing {
  is: "out" | "waiting" | "fresh" | "batchable" | "dueNow" | "immediate";
  due: Due;
  wakeAt: number;
}

function standingOf(owner: OwnerStatus, dataset: Dataset, statuses: Known, now: number): Standing {
  const { name } = dataset;
  const { tier } = owner;
  const status = statuses.get(name) ?? { dataset: name };
  const sentAt = owner.sent[name];
  const dueAt = dueAtOf(dataset, statuses);
  const recheck = recheckMs(owner, wasNeverTried(status));
  const due = { owner: owner.owner, tier, dataset: name, dueAt, arriveAt: now, recheckMs: recheck };
  if (isOut(sentAt, status, dueAt, now)) {
    return { is: "out", due, wakeAt: Math.max(now, sentAt ?? now) + recheck };
  }
  if (waitsForOther(dataset, statuses)) return { is: "waiting", due, wakeAt: Number.POSITIVE_INFINITY };
  const at = dueNowAt(owner, dueAt, status, now);
  const lead = leadMs[tier];
  const isDueNow = at <= now || (at <= now + lead && !inDowntime(at));
  if (!isDueNow) return { is: dueAt <= now ? "batchable" : "fresh", due, wakeAt: at - lead };
  return {
    is: isImmediate(status) ? "immediate" : "dueNow",
    due: { ...due, arriveAt: Math.max(now, at) },
    wakeAt: at,
  };
}

/**
 * What to do about one owner now. Once one of its datasets is due now (expired, and its wait used up), everything that
 * is due goes along; what is immediate goes alone. Nothing is sent ahead into the daily downtime. Pure: the simulation and
 * the scheduler run this very code.
 */
export function decide(owner: OwnerStatus, datasets: readonly Dataset[], now: number): Decision {
  const statuses = byDataset(owner.datasets);
  const standings = datasets.map((dataset) => standingOf(owner, dataset, statuses, now));
  const hasDueNow = standings.some(({ is }) => is === "dueNow");
  const isSent = ({ is }: Standing) => is === "immediate" || is === "dueNow" || (is === "batchable" && hasDueNow);
  const sent: Record<string, number> = {};
  let wakeAt = now + longestSleepMs;
  for (const standing of standings) {
    const { dataset } = standing.due;
    const sentAt = owner.sent[dataset];
    if (standing.is === "out" && sentAt !== undefined) sent[dataset] = sentAt;
    if (!isSent(standing)) wakeAt = Math.min(wakeAt, standing.wakeAt);
  }
  return { send: standings.filter(isSent).map(({ due }) => due), sent, wakeAt: Math.max(now, wakeAt) };
}

/** What arrives within so long goes in one message. A tenth of what P0 promises. */
const togetherMs = 6_000;

/**
 * What of one queue goes in one message: an owner's datasets that would arrive within seconds, when the last of them would.
 */
export function togetherOf(due: readonly Due[]): Due[][] {
  const all: Due[][] = [];
  const open = new Map<string, Due[]>();
  for (const each of due.toSorted((a, b) => a.arriveAt - b.arriveAt)) {
    const key = keyOf(each.owner);
    const own = open.get(key);
    if (own?.[0] && each.arriveAt - own[0].arriveAt < togetherMs) {
      own.push(each);
      continue;
    }
    const fresh = [each];
    open.set(key, fresh);
    all.push(fresh);
  }
  return all.map((own) => {
    const arriveAt = own.at(-1)?.arriveAt ?? 0;
    return own.map((each) => ({ ...each, arriveAt }));
  });
}

/** When what was sent for each owner is to arrive, by dataset. */
export type Arrivals = ReadonlyMap<string, ReadonlyMap<string, number>>;

export function arrivalsOf(sent: readonly Due[]): Arrivals {
  const arrivals = new Map<string, Map<string, number>>();
  for (const { owner, dataset, arriveAt } of sent) {
    const key = keyOf(owner);
    const own = arrivals.get(key);
    if (own) own.set(dataset, arriveAt);
    else arrivals.set(key, new Map([[dataset, arriveAt]]));
  }
  return arrivals;
}

/** What to remember of an owner once its queues have taken what it had to send, or some of it. */
export function next(
  { owner, tier }: Pacing,
  decision: Decision,
  arrivals: Arrivals,
  now: number,
): { sent: Record<string, number>; wakeAt: number } {
  const sent = { ...decision.sent };
  let { wakeAt } = decision;
  const own = arrivals.get(keyOf(owner));
  for (const { dataset, recheckMs: recheck } of decision.send) {
    const arriveAt = own?.get(dataset);
    if (arriveAt !== undefined) sent[dataset] = arriveAt;
    wakeAt = Math.min(wakeAt, arriveAt === undefined ? now + retryMs[tier] : arriveAt + recheck);
  }
  return { sent, wakeAt };
}

/** Of every ten places each tier is sure of these, as long as it has anything to send; the rest goes by tier. */
const guaranteed: Record<Tier, number> = { P0: 4, P1: 2, P2: 1, P3: 1 };
const turns: readonly (Tier | undefined)[] = ["P0", "P1", "P0", "P2", "P0", "P1", "P0", "P3", undefined, undefined];
const tiersInOrder: Tier[] = ["P0", "P1", "P2", "P3"];

const byTier = <T extends { tier: Tier }>(all: readonly T[], order: (a: T, b: T) => number): Map<Tier, T[]> =>
  new Map(tiersInOrder.map((tier) => [tier, all.filter((each) => each.tier === tier).sort(order)]));

/**
 * Places that are a tier's own. Each round goes on elsewhere in the order of turns, so that a queue which has room for one
 * message a round still serves every tier.
 */
function sharesOf(places: number, now: number): Record<Tier, number> {
  const shares = { P0: 0, P1: 0, P2: 0, P3: 0 };
  const first = Math.floor(now / 60_000) * 7;
  for (let place = 0; place < places; place += 1) {
    const tier = turns[(first + place) % turns.length];
    if (tier) shares[tier] += 1;
  }
  return shares;
}

/**
 * Chooses which of the due datasets of one queue take its `places`: each tier its guaranteed share, oldest first, then
 * whatever is left from P0 down. So P0 goes first under a backlog, and P3 still moves.
 */
export function choose(due: readonly Due[], places: number, now: number): Due[] {
  const waiting = byTier(due, (a, b) => a.dueAt - b.dueAt);
  const shares = sharesOf(places, now);
  const chosen: Due[] = [];
  for (const tier of tiersInOrder) chosen.push(...(waiting.get(tier) ?? []).splice(0, shares[tier]));
  for (const tier of tiersInOrder) chosen.push(...(waiting.get(tier) ?? []).splice(0, places - chosen.length));
  return chosen;
}

/**
 * The order in which owners are looked at, so that a round which has to stop early has been fair: by turns as many
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
