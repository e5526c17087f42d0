import * as z from "zod";

/** How fresh an owner's data are kept: P0 is the freshest. */
export const tiers = ["P0", "P1", "P2", "P3"] as const;
export const Tier = z.enum(tiers);
export type Tier = z.infer<typeof Tier>;

const minuteMs = 60_000;
/** Within how long after its expiry a dataset is refreshed, 95 times of 100; the schedule's waits stay well below. */
export const promisedMs: Record<Tier, number> = {
  P0: minuteMs,
  P1: 5 * minuteMs,
  P2: 15 * minuteMs,
  P3: 60 * minuteMs,
};

/** How long a tier's deltas, and with them its history, are kept. */
const retentionDays: Record<Tier, number> = { P0: 365, P1: 180, P2: 90, P3: 30 };

/** The shortest of them: a delta that was written in the lowest tier keeps that life when the owner's tier is raised. */
export const shortestRetentionDays = Math.min(...Object.values(retentionDays));

/** Days for which a change of now is remembered. */
export const retentionDaysOf = (tier: Tier): number => retentionDays[tier];
