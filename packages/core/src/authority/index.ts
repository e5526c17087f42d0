import * as Actor from "../actor/index.ts";
import * as Audit from "../audit/index.ts";
import * as Confirm from "../corporation/confirm.ts";
import { Directors } from "../corporation/index.ts";
import { inLanes } from "../lanes/index.ts";
import * as Log from "../log/index.ts";
import * as Realtime from "../realtime/index.ts";
import * as Schedule from "../schedule/index.ts";

/** ESI takes this many ids a call. */
const batchLimit = 1000;

async function affiliations(characterIds: number[]): Promise<Map<number, number>> {
  const known = new Map<number, number>();
  for (let from = 0; from < characterIds.length; from += batchLimit) {
    const some = await Confirm.readCorporations(characterIds.slice(from, from + batchLimit));
    for (const [characterId, corporationId] of some) known.set(characterId, corporationId);
  }
  return known;
}

const left = {
  code: "director.left",
  message: "This character has left the corporation in the game, so it can no longer be its director.",
};

/** Where EVE does not answer at all, nobody is asked about further, and nobody's sight runs out meanwhile. */
async function whereabouts(corporationId: number, characterIds: number[]): Promise<Map<number, number> | undefined> {
  try {
    return await affiliations(characterIds);
  } catch (error) {
    if (!Confirm.isOutage(error)) throw error;
    Log.info("directors not checked: EVE does not answer", { corporationId, error });
    for (const characterId of characterIds) await Confirm.stopClock({ corporationId, characterId });
    return undefined;
  }
}

async function check(corporationId: number): Promise<{ checked: number; left: number }> {
  const directors = await Directors.load(corporationId);
  const now = await whereabouts(
    corporationId,
    directors.map((director) => director.characterId),
  );
  if (!now) return { checked: 0, left: 0 };
  const gone = directors.filter(({ characterId }) => (now.get(characterId) ?? corporationId) !== corporationId);
  for (const director of gone) {
    const { characterId, name } = director;
    await Audit.record({ action: "director.left", subject: { corporationId, characterId, name } });
    await Directors.drop(corporationId, characterId);
    await Realtime.directorFailed({ corporationId, director, reason: left, tokenDied: false });
  }
  for (const { characterId } of directors.filter((each) => !gone.includes(each))) {
    await Confirm.confirm({ corporationId, characterId });
  }
  return { checked: directors.length, left: gone.length };
}

/** Corporations that are checked at a time: ten thousand of them, an answer of ESI each, fit into a few minutes. */
const concurrency = 16;

/**
 * Reads every director's corporation and in-game roles anew: who left the corporation loses its data, a lost role stops
 * being asked for, a gained one is used. One corporation's trouble does not keep the others from being checked.
 */
export async function checkAll(): Promise<{ checked: number; left: number }> {
  Actor.assertSystem();
  const total = { checked: 0, left: 0 };
  await inLanes(concurrency, await Schedule.corporations(), async (corporationId) => {
    try {
      const result = await check(corporationId);
      total.checked += result.checked;
      total.left += result.left;
    } catch (error) {
      Log.error("directors not checked", { corporationId, error });
    }
  });
  return total;
}
