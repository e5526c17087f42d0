import * as Log from "../../platform/log/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import { type DeathReason, TokenDeadError } from "./error.ts";
import { shards, TokenEntity, TokenKeepEntity } from "./token.entity.ts";

/** A token that was not used for a day is refreshed, so that a dead one is found before a pilot needs it. */
const idleMs = 24 * 3600_000;
const retryMs = 3600_000;

/** Refreshes at a time, to spare the SSO. */
const concurrency = 4;

/** The rest of the five-minute function is for refreshes under way. */
const budgetMs = 4 * 60_000;

export interface Kept {
  checked: number;
  refreshed: number;
  unavailable: number;
  died: { characterId: number; reason: DeathReason }[];
}

export const watch = async (characterId: number): Promise<void> => {
  await TokenKeepEntity()
    .put({ characterId, keepShard: characterId % shards, keepAt: Date.now() + idleMs })
    .go();
};

export const unwatch = async (characterId: number): Promise<void> => {
  await TokenKeepEntity().delete({ characterId }).go();
};

const postpone = async (characterId: number, keepAt: number): Promise<void> => {
  // A patch: a token that was removed meanwhile must not be listed again.
  await TokenKeepEntity()
    .patch({ characterId })
    .set({ keepAt, keepShard: characterId % shards })
    .go()
    .catch((error: unknown) => Log.warn("a token left the keeper's list", { characterId, error }));
};

async function keepOne(characterId: number, refresh: (characterId: number) => Promise<unknown>, kept: Kept) {
  kept.checked += 1;
  const { data: row } = await TokenEntity().get({ characterId }).go();
  if (row?.status !== "valid") return unwatch(characterId);
  const idleAt = row.lastRefreshedAt + idleMs;
  if (idleAt > Date.now()) return postpone(characterId, idleAt);
  try {
    await refresh(characterId);
    kept.refreshed += 1;
    return postpone(characterId, Date.now() + idleMs);
  } catch (error) {
    if (error instanceof TokenDeadError) {
      if (error.reason !== "missing") kept.died.push({ characterId, reason: error.reason });
      return unwatch(characterId);
    }
    kept.unavailable += 1;
    Log.warn("a token could not be kept alive", { characterId, error });
    return postpone(characterId, Date.now() + retryMs);
  }
}

async function due(): Promise<number[]> {
  const now = Date.now();
  const pages = await Promise.all(
    Array.from({ length: shards }, (_, keepShard) =>
      TokenKeepEntity().query.due({ keepShard }).lte({ keepAt: now }).go({ limit: 200 }),
    ),
  );
  return pages.flatMap(({ data }) => data.map((row) => row.characterId));
}

/** Refreshes the tokens that are due, earliest first within each shard. Tokens beyond the time budget stay due. */
export async function keepDue(refresh: (characterId: number) => Promise<unknown>): Promise<Kept> {
  const kept: Kept = { checked: 0, refreshed: 0, unavailable: 0, died: [] };
  const startedAt = Date.now();
  await mapConcurrent(concurrency, await due(), async (characterId) => {
    if (Date.now() - startedAt <= budgetMs) await keepOne(characterId, refresh, kept);
  });
  return kept;
}
