import * as Esi from "../esi/index.ts";
import { askInBatches, Refusals } from "../lookup/index.ts";
import { Refused } from "../names/index.ts";

export interface Affiliation {
  character_id: number;
  corporation_id: number;
  alliance_id?: number;
}

/** Where characters are. One of whom neither is said was not reached, or ESI failed to answer. */
export interface Affiliations {
  known: Map<number, Affiliation>;
  /** ESI knows no such character, now or when it was last asked. */
  refused: Set<number>;
}

const operation = "PostCharactersAffiliation";

interface Options {
  /** Ids that ESI refused lately are asked for as well: somebody waits for the answer about these few. */
  isAnew?: boolean;
  interactive?: boolean;
  signal?: AbortSignal;
}

/**
 * Where characters are now: never from a token or from what was stored, both may be old. One that ESI does not know takes no
 * other's answer away, and is not asked for again for a day. Throws EsiError if nothing came of it.
 */
export async function affiliationsOf(
  characterIds: readonly number[],
  { isAnew = false, ...request }: Options = {},
): Promise<Affiliations> {
  const wanted = isAnew ? characterIds : await Refused.without("characters", characterIds);
  const { answers, refused, error } = await askInBatches<Affiliation>(wanted, {
    operation,
    ask: (body) => Esi.request(operation, { body, ...request }),
    idOf: ({ character_id, corporation_id }) => (Number.isInteger(corporation_id) ? character_id : undefined),
    mayRisk: Refusals.mayRisk,
    onRefusal: Refusals.record,
  });
  // Of a single one the search cannot tell an outage from the id's own fault.
  if (error && answers.size === 0 && refused.length === 0) throw error;
  await Refused.remember("characters", refused);
  const sent = new Set(wanted);
  return { known: answers, refused: new Set([...refused, ...characterIds.filter((id) => !sent.has(id))]) };
}
