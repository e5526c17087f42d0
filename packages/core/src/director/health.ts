import * as Esi from "../eve/esi/index.ts";
import * as Actor from "../platform/actor/index.ts";
import { isConditionFailed } from "../platform/error/index.ts";
import { Bounded } from "../platform/lru/index.ts";
import { health } from "./director.entity.ts";
import type { DirectorState, Incident } from "./rows.ts";

/** This many failures in a row make a director unhealthy; one success heals. */
export const unhealthyAfter = 3;

/** A director who failed is tried again after this long, so that a problem solved elsewhere heals by itself. */
export const retryAfterMs = 15 * 60_000;

export const isHealthy = (director: DirectorState): boolean => director.failures < unhealthyAfter;

/** No failure and no refused dataset is open: each has worked since. */
export const hasNoOpenIncident = ({ failures, incidents }: DirectorState): boolean =>
  failures === 0 && Object.values(incidents).every(({ healedAt }) => healedAt !== undefined);

/** The open refusal of a dataset: it has not worked since. */
export function refusalOf({ incidents }: DirectorState, dataset: string): Incident | undefined {
  const incident = incidents[dataset];
  return incident?.healedAt === undefined ? incident : undefined;
}

/** Until when (epoch ms) other directors are tried first for a dataset that ESI refused to this one; 0: not refused. */
export function refusedUntil(director: DirectorState, dataset: string): number {
  const refusal = refusalOf(director, dataset);
  return refusal ? refusal.at + retryAfterMs : 0;
}

/** Datasets that ESI has just refused to this director, and until when (epoch ms) other directors are tried first. */
export const refusals = (director: DirectorState, now: number): { dataset: string; until: number }[] =>
  Object.keys(director.incidents)
    .map((dataset) => ({ dataset, until: refusedUntil(director, dataset) }))
    .filter(({ until }) => until > now);

/** When this process last wrote health, by director. */
const writtenAt = new Bounded<number, number>(10_000);
/** Budgets are written this often. Meanwhile this process has them in memory, and others read ESI's headers. */
const writeEveryMs = 60_000;
/** Nobody needs exact budgets while every bucket is at least this full: they are written less often. */
const plenty = 0.75;
const writePlentyEveryMs = 10 * 60_000;

const isPlenty = (buckets: Esi.Budget.Entry[]): boolean =>
  Esi.Budget.left(buckets).every(({ remaining, limit }) => remaining >= plenty * limit);

interface HealthChange {
  set: { lastUsedAt: number; buckets: Esi.Budget.Entry[]; failures?: number } & ErrorColumns;
  /** Removes the last error. */
  heals?: boolean;
  /** Adds one failure in a row. */
  failed?: boolean;
  dataset: string;
  incident?: Incident | undefined;
}

interface ErrorColumns {
  errorCode?: string;
  errorMessage?: string;
  errorAt?: number;
}

/**
 * Changes a director's health in place, so that two workers with different datasets do not overwrite each other. Returns
 * the failures in a row. Writes nothing and returns undefined if the director has been unlinked: health goes with the link.
 */
async function change(
  corporationId: number,
  characterId: number,
  { set, heals, failed, dataset, incident }: HealthChange,
): Promise<number | undefined> {
  const patch = health().patch({ corporationId, characterId }).set(set);
  try {
    const { data } = await patch
      .data((columns, operations) => {
        if (failed) operations.add(columns.failures, 1);
        if (incident) operations.set(columns.incidents[dataset], incident);
        if (!heals) return;
        for (const name of ["errorCode", "errorMessage", "errorAt"] as const) operations.remove(columns[name]);
      })
      .go({ response: "all_new" });
    return data.failures;
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/**
 * Records that a director fetched a dataset: heals earlier failures at once, and writes budgets now and then.
 * Most calls write nothing.
 */
export async function recordSuccess(corporationId: number, director: DirectorState, dataset: string): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  const { characterId } = director;
  const refusal = refusalOf(director, dataset);
  const heals = director.failures > 0 || refusal !== undefined;
  const buckets = Esi.Budget.snapshot(characterId);
  const sinceMs = now - (writtenAt.get(characterId) ?? 0);
  if (!heals && sinceMs < (isPlenty(buckets) ? writePlentyEveryMs : writeEveryMs)) return;
  writtenAt.set(characterId, now);
  await change(corporationId, characterId, {
    set: { lastUsedAt: now, buckets, ...(heals ? { failures: 0 } : {}) },
    heals,
    dataset,
    incident: refusal && { ...refusal, healedAt: now },
  });
}

/**
 * Records a failure that is the director's (no role, no token). Returns how many that makes in a row, 0 if the director
 * has been unlinked meanwhile.
 */
export async function recordFailure(
  corporationId: number,
  director: DirectorState,
  { code, message, dataset }: { code: string; message: string; dataset: string },
): Promise<number> {
  Actor.assertSystem();
  const now = Date.now();
  const { characterId } = director;
  const before = refusalOf(director, dataset);
  const same = before?.code === code ? before : undefined;
  const failures = await change(corporationId, characterId, {
    set: {
      ...{ lastUsedAt: now, errorCode: code, errorMessage: message, errorAt: now },
      buckets: Esi.Budget.snapshot(characterId),
    },
    failed: true,
    dataset,
    incident: { code, message, firstAt: same?.firstAt ?? now, at: now, times: (same?.times ?? 0) + 1 },
  });
  return failures ?? 0;
}
