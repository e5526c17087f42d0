import * as z from "zod";
import type { Dataset } from "../dataset/index.ts";
import type { State } from "./state.ts";

/** How fresh a dataset is, as people and the freshness board see it. */
export const Freshness = z.object({
  dataset: z.string(),
  title: z.string(),
  group: z.string(),
  status: z.enum(["never", "queued", "running", "fresh", "stale", "failed", "blocked"]),
  version: z.int(),
  rows: z.int(),
  refreshedAt: z.iso.datetime().optional(),
  changedAt: z.iso.datetime().optional(),
  expiresAt: z.iso.datetime().optional(),
  nextAt: z.iso.datetime().optional(),
  director: z.object({ characterId: z.int(), name: z.string() }).optional(),
  tokensSpent: z.number().optional(),
  /** Rows of the last answer that did not fit and were set aside. */
  setAside: z.int().optional(),
  /** Rows went missing all at once: kept until the next answer confirms it. */
  doubtful: z.boolean().optional(),
  lastError: z.object({ code: z.string(), message: z.string(), at: z.iso.datetime() }).optional(),
  progress: z.object({ done: z.int(), total: z.int() }).optional(),
});
export type Freshness = z.infer<typeof Freshness>;

/** Expired for longer than this is stale; until then the next refresh is on its way. */
const staleAfterMs = 5 * 60_000;

interface Surroundings {
  now: number;
  sentAt?: number | undefined;
}

function statusOf(state: State | undefined, now: number, sentAt: number | undefined): Freshness["status"] {
  if (state?.leaseUntil !== undefined && state.leaseUntil > now) return "running";
  const out = sentAt !== undefined && sentAt > (state?.refreshedAt ?? 0) && sentAt > (state?.errorAt ?? 0);
  if (state?.blocked) return "blocked";
  if ((state?.failures ?? 0) > 0) return "failed";
  if (!state?.refreshedAt) return out ? "queued" : "never";
  if ((state.staleAt ?? 0) + staleAfterMs > now) return "fresh";
  return out ? "queued" : "stale";
}

const iso = (epochMs: number | undefined) => (epochMs === undefined ? undefined : new Date(epochMs).toISOString());

export function freshnessOf(dataset: Dataset, state: State | undefined, { now, sentAt }: Surroundings): Freshness {
  return Freshness.parse({
    dataset: dataset.name,
    title: dataset.title,
    group: dataset.group,
    status: statusOf(state, now, sentAt),
    version: state?.version ?? 0,
    rows: state?.rows ?? 0,
    refreshedAt: iso(state?.refreshedAt),
    changedAt: iso(state?.changedAt),
    expiresAt: iso(state?.staleAt),
    nextAt: iso(state?.nextAt),
    director: state?.directorId ? { characterId: state.directorId, name: state.directorName ?? "" } : undefined,
    tokensSpent: state?.tokens,
    setAside: state?.setAside,
    doubtful: state?.doubtSince === undefined ? undefined : true,
    lastError:
      state?.errorCode && state.errorAt
        ? { code: state.errorCode, message: state.errorMessage ?? "", at: iso(state.errorAt) }
        : undefined,
  });
}
