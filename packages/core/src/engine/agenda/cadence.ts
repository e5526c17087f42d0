import type { Owner, Tier } from "../../owner/index.ts";

/**
 * A tier promises that 95 of 100 refreshes are done within 1 (P0), 5 (P1), 15 (P2) or 60 (P3) minutes of the data's expiry.
 *
 * How long expired data may wait for other datasets of its owner, so that one round fetches several: what expires every
 * five minutes is then fetched seldom. The rest of the promise is for the round, the queues and failures (docs/scale.md).
 * P0 gets only a small jitter.
 */
const batchableMs: Record<Tier, number> = { P0: 10_000, P1: 150_000, P2: 720_000, P3: 2_880_000 };
/** The same for an owner nobody has looked at for a while: longer, but never beyond what the tier promises. */
const unseenMs: Record<Tier, number> = { P0: 10_000, P1: 200_000, P2: 765_000, P3: 3_180_000 };

const dayMs = 24 * 3_600_000;
/** Times the interval at which a dataset is fetched, by how long nobody has looked at the owner. */
const slowed = [
  { unseenMs: 14 * dayMs, factor: 4 },
  { unseenMs: 3 * dayMs, factor: 2 },
] as const;

/**
 * P0 is queued this long before expiry, with a matching delivery delay, because the scheduler runs once a minute.
 */
export const leadMs: Record<Tier, number> = { P0: 65_000, P1: 0, P2: 0, P3: 0 };

/** A message that has neither been worked on nor come back after this long is sent again; a duplicate does nothing. */
export const lostAfterMs = 10 * 60_000;

/** A round may come a little early. */
const nextRoundMs = 50_000;
/** Much of what ESI has expires this long after it was fetched, some seconds after it was sent. */
const briefestMs = 330_000;

/** An owner for which a queue had no room is looked at again after this long: under a backlog not each minute. */
export const retryMs: Record<Tier, number> = { P0: 0, P1: 0, P2: 120_000, P3: 300_000 };

export interface Pacing {
  owner: Owner;
  tier: Tier;
  /** When somebody last looked at the owner; absent: just now. */
  viewedAt?: number | undefined;
}

export interface Timing {
  nextAt?: number | undefined;
  refreshedAt?: number | undefined;
  failures?: number | undefined;
  /** The last failure is such that nothing but a person will mend it. */
  blocked?: boolean | undefined;
  hasMore?: boolean | undefined;
}

/** How much slower an owner is refreshed that nobody has looked at. */
export const slowedBy = (viewedAt: number | undefined, now: number): number =>
  slowed.find(({ unseenMs }) => now - (viewedAt ?? now) >= unseenMs)?.factor ?? 1;

/** A number in [0, 1) that is always the same for an owner and has nothing to do with its neighbours'. */
function scatter({ id }: Owner): number {
  let hash = Math.imul(id ^ (id >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Some owners wait a little less than others: those that were added together drift apart. */
const partOf = (owner: Owner): number => 0.8 + 0.2 * scatter(owner);

/** A retry whose back-off is over, or a rest left over by the last refresh: sent alone, without waiting for others. */
export const isImmediate = ({ failures, blocked, hasMore }: Timing): boolean =>
  hasMore === true || ((failures ?? 0) > 0 && blocked !== true);

/** From when a dataset that is due since `dueAt` must not wait any longer. */
export function dueNowAt({ owner, tier, viewedAt }: Pacing, dueAt: number, timing: Timing, now: number): number {
  if (dueAt === 0 || isImmediate(timing)) return dueAt;
  const interval = Math.max(0, dueAt - (timing.refreshedAt ?? dueAt));
  const unseen = Math.min(unseenMs[tier], interval * (slowedBy(viewedAt, now) - 1));
  return dueAt + Math.round(partOf(owner) * Math.max(batchableMs[tier], unseen));
}

/**
 * How soon after a sending it is looked at what has become of it. A list that has changed shows only then: the higher
 * tiers are looked at in the next round, as is what was never tried; the lower ones when what expires soonest is due now
 * again. What failed or left something over tells by itself (refresh/run.ts).
 */
export function recheckMs({ owner, tier }: Pacing, isFirst: boolean): number {
  if (isFirst || tier === "P0" || tier === "P1") return nextRoundMs;
  return briefestMs + Math.round(partOf(owner) * batchableMs[tier]);
}
