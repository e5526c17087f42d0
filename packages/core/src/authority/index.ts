import * as Actor from "../actor/index.ts";
import { Directors } from "../corporation/index.ts";
import * as Esi from "../esi/index.ts";
import { inLanes } from "../lanes/index.ts";
import * as Log from "../log/index.ts";
import * as Realtime from "../realtime/index.ts";
import * as Schedule from "../schedule/index.ts";
import * as Token from "../token/index.ts";

/** ESI takes this many ids a call. */
const batchLimit = 1000;

interface Affiliation {
  character_id: number;
  corporation_id: number;
}

async function affiliations(characterIds: number[]): Promise<Map<number, number>> {
  const known = new Map<number, number>();
  for (let from = 0; from < characterIds.length; from += batchLimit) {
    const { data } = await Esi.request("PostCharactersAffiliation", {
      body: characterIds.slice(from, from + batchLimit),
    });
    for (const { character_id, corporation_id } of data as Affiliation[]) known.set(character_id, corporation_id);
  }
  return known;
}

const left = {
  code: "director.left",
  message: "This character has left the corporation in the game, so it can no longer be its director.",
};

async function check(corporationId: number): Promise<{ checked: number; left: number }> {
  const directors = await Directors.load(corporationId);
  const now = await affiliations(directors.map((director) => director.characterId));
  const gone = directors.filter(({ characterId }) => (now.get(characterId) ?? corporationId) !== corporationId);
  for (const director of gone) {
    await Directors.drop(corporationId, director.characterId);
    await Realtime.directorFailed({ corporationId, director, reason: left, tokenDied: false });
  }
  for (const director of directors.filter((each) => !gone.includes(each))) {
    await Directors.checkAuthority(corporationId, director.characterId).catch((error: unknown) => {
      // A dead token or an ESI outage: the refreshes that need this director say so themselves.
      if (
        error instanceof Token.TokenDeadError ||
        error instanceof Token.TokenUnavailableError ||
        error instanceof Esi.EsiError
      ) {
        Log.info("authority not read", { director: director.characterId, error: error.name });
        return;
      }
      throw error;
    });
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
