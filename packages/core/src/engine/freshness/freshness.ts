import * as z from "zod";
import { promisedMs, Tier } from "../../owner/index.ts";
import type { Dataset } from "../dataset/index.ts";
import type { State } from "../state/index.ts";

/** How fresh a dataset is, as people and the freshness board see it. */
export const Freshness = z.object({
  dataset: z.string(),
  title: z.string(),
  group: z.string(),
  /** `due`: expired, fetched when its turn comes, and still within what its tier promises; `stale`: later than that. */
  status: z.enum(["never", "queued", "running", "fresh", "due", "stale", "failed", "blocked"]),
  tier: Tier.optional(),
  version: z.int(),
  rows: z.int(),
  refreshedAt: z.iso.datetime().optional(),
  changedAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  /** From when it counts as late: the tier's target after it was due. */
  lateAt: z.iso.datetime().optional(),
  nextAt: z.iso.datetime().optional(),
  /** Expired, and refreshed more slowly on purpose: nobody had looked at the owner for days. */
  slowed: z.boolean().optional(),
  /** Whose token fetched it last. */
  fetcher: z.object({ characterId: z.int(), name: z.string() }).optional(),
  tokensSpent: z.number().optional(),
  /** Rows of the last answer that did not fit and were set aside. */
  setAside: z.int().optional(),
  /** Things of which ESI gives nothing, and why. */
  missing: z.object({ count: z.int(), why: z.string() }).optional(),
  /** Which column of the first of them was wrong, and how. */
  setAsideReason: z.string().optional(),
  /** Rows went missing all at once: kept until the next answer confirms it. */
  doubtful: z.boolean().optional(),
  lastError: z.object({ code: z.string(), message: z.string(), at: z.iso.datetime() }).optional(),
  progress: z.object({ done: z.int(), total: z.int() }).optional(),
});
export type Freshness = z.infer<typeof Freshness>;

interface Surroundings {
  now: number;
  tier: Tier | undefined;
  /** When its message was to arrive in its queue. */
  sentAt?: number | undefined;
  slowed?: boolean | undefined;
}

/** From when it is to be fetched: its expiry, or the end of the interval that is kept between two refreshes. */
const dueAtOf = (state: State): number => Math.max(state.staleAt ?? 0, state.failures > 0 ? 0 : (state.nextAt ?? 0));

function lateAtOf(state: State | undefined, tier: Tier | undefined): number | undefined {
  return state?.staleAt === undefined || tier === undefined ? undefined : dueAtOf(state) + promisedMs[tier];
}

function statusOf(state: State | undefined, { now, tier, sentAt, slowed }: Surroundings): Freshness["status"] {
  if (state?.leaseUntil !== undefined && state.leaseUntil > now) return "running";
  const out = sentAt !== undefined && sentAt > (state?.refreshedAt ?? 0) && sentAt > (state?.errorAt ?? 0);
  if (state?.blocked) return "blocked";
  if ((state?.failures ?? 0) > 0) return "failed";
  if (!state?.refreshedAt) return out ? "queued" : "never";
  if (dueAtOf(state) > now) return "fresh";
  if (out) return "queued";
  const late = now > (lateAtOf(state, tier) ?? Number.POSITIVE_INFINITY);
  return late && !slowed ? "stale" : "due";
}

const iso = (epochMs: number | undefined) => (epochMs === undefined ? undefined : new Date(epochMs).toISOString());

export function freshnessOf(dataset: Dataset, state: State | undefined, surroundings: Surroundings): Freshness {
  const { now, tier, slowed } = surroundings;
  return Freshness.parse({
    dataset: dataset.name,
    title: dataset.title,
    group: dataset.screen.group,
    status: statusOf(state, surroundings),
    tier,
    slowed: (slowed && state?.staleAt !== undefined && dueAtOf(state) <= now) || undefined,
    version: state?.version ?? 0,
    rows: state?.rows ?? 0,
    refreshedAt: iso(state?.refreshedAt),
    changedAt: iso(state?.changedAt),
    expiresAt: iso(state?.staleAt),
    lateAt: iso(lateAtOf(state, tier)),
    nextAt: iso(state?.nextAt),
    fetcher: state?.fetcherId ? { characterId: state.fetcherId, name: state.fetcherName ?? "" } : undefined,
    tokensSpent: state?.tokens,
    setAside: state?.setAside,
    missing: state?.missing ? { count: state.missing, why: state.missingWhy ?? "" } : undefined,
    setAsideReason: state?.setAsideReason,
    doubtful: state?.doubtSince === undefined ? undefined : true,
    lastError:
      state?.errorCode && state.errorAt
        ? { code: state.errorCode, message: state.errorMessage ?? "", at: iso(state.errorAt) }
        : undefined,
  });
}
