import type { Tier } from "../corporation/index.ts";

/**
 * A tier promises that 95 of 100 refreshes are done within 1 (P0), 5 (P1), 15 (P2) or 60 (P3) minutes of the data's expiry.
 *
 * How long expired data may wait to be fetched together with others: a corporation is then woken less often, and its tier
 * still has half of its target left for the queues. P0 waits only to be told apart from its neighbours.
 */
const companyMs: Record<Tier, number> = { P0: 10_000, P1: 60_000, P2: 450_000, P3: 1_800_000 };
/** The same where nobody has looked for a while: later, but never beyond what the tier promises. */
const unseenMs: Record<Tier, number> = { P0: 10_000, P1: 120_000, P2: 600_000, P3: 2_700_000 };

const dayMs = 24 * 3_600_000;
/** Times the interval at which a dataset is fetched, by how long nobody has looked at the corporation. */
const slowed = [
  { unseenMs: 14 * dayMs, factor: 4 },
  { unseenMs: 3 * dayMs, factor: 2 },
] as const;

/**
 * Who is promised less than a minute is sent for this long before the expiry, with a delay until then: a round comes only
 * once a minute.
 */
export const aheadMs: Record<Tier, number> = { P0: 65_000, P1: 0, P2: 0, P3: 0 };

/** A message that has neither been worked on nor come back after this long is sent again; a duplicate does nothing. */
export const lostAfterMs = 10 * 60_000;

/**
 * How soon after a sending it is looked at what has become of it. A failure shows only then, so the higher tiers are looked
 * at in the next round (which may come a little early); the lower ones when what expires every five minutes has become ripe
 * again.
 */
export const recheckMs: Record<Tier, number> = { P0: 50_000, P1: 50_000, P2: 720_000, P3: 2_100_000 };

/** A corporation for which a queue had no room is looked at again after this long: under a backlog not each minute. */
export const heldMs: Record<Tier, number> = { P0: 0, P1: 0, P2: 120_000, P3: 300_000 };

export interface Pacing {
  corporationId: number;
  tier: Tier;
  /** When somebody last looked at the corporation; absent: just now. */
  viewedAt?: number | undefined;
}

export interface Timing {
  nextAt?: number | undefined;
  refreshedAt?: number | undefined;
  failures?: number | undefined;
}

/** How much slower a corporation is refreshed that nobody has looked at. */
export const slowedBy = (viewedAt: number | undefined, now: number): number =>
  slowed.find(({ unseenMs }) => now - (viewedAt ?? now) >= unseenMs)?.factor ?? 1;

/** A number in [0, 1) that is always the same for a corporation and has nothing to do with its neighbours'. */
function scatter(corporationId: number): number {
  let hash = Math.imul(corporationId ^ (corporationId >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Between half and all of its tier's wait, by corporation: those that were added together drift apart. */
function waitMs({ corporationId, tier, viewedAt }: Pacing, { nextAt = 0, refreshedAt, failures }: Timing, now: number) {
  // What failed has waited for its back-off.
  if (failures) return 0;
  const interval = refreshedAt === undefined ? 0 : Math.max(0, nextAt - refreshedAt);
  const unseen = Math.min(unseenMs[tier], interval * (slowedBy(viewedAt, now) - 1));
  return (0.5 + 0.5 * scatter(corporationId)) * Math.max(companyMs[tier], unseen);
}

/** From when a dataset must not wait any longer. */
export const ripeAt = (corporation: Pacing, timing: Timing, now: number): number =>
  timing.nextAt === undefined ? 0 : timing.nextAt + waitMs(corporation, timing, now);
