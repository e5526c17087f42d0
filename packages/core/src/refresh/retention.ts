import type { Tier } from "../corporation/index.ts";

/** How long a tier's deltas, and with them its history, are kept. */
const retentionDays: Record<Tier, number> = { P0: 365, P1: 180, P2: 90, P3: 30 };

/** The shortest of them: a delta written while a corporation was in the lowest tier keeps that life when it is raised. */
export const shortestRetentionDays = Math.min(...Object.values(retentionDays));

/** Days for which what changes now is remembered. */
export const retentionOf = (tier: Tier): number => retentionDays[tier];
