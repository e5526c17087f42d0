import { affiliationsOf } from "../../eve/affiliation/index.ts";
import * as Names from "../../eve/names/index.ts";
import * as Log from "../../platform/log/index.ts";
import { CharacterEntity, type CharacterRow } from "./character.entity.ts";

/** ESI keeps an affiliation for an hour. */
const freshMs = 3600_000;

/** A person waits for the page: an old corporation name is better than a slow list. */
const timeoutMs = 3_000;

type Affiliation = Pick<CharacterRow, "corporationId" | "corporationName" | "allianceId" | "affiliationAt">;

async function fetchAll(characterIds: number[]): Promise<Map<number, Affiliation>> {
  const options = { interactive: true, signal: AbortSignal.timeout(timeoutMs) };
  const { known } = await affiliationsOf(characterIds, options);
  const affiliations = [...known.values()];
  const { names } = await Names.resolve(
    affiliations.map(({ corporation_id }) => corporation_id),
    options,
  );
  const affiliationAt = Date.now();
  return new Map(
    affiliations.map(({ character_id, corporation_id, alliance_id }) => {
      const corporationName = names.get(corporation_id)?.name;
      const affiliation: Affiliation = { corporationId: corporation_id, affiliationAt };
      if (corporationName) affiliation.corporationName = corporationName;
      if (alliance_id) affiliation.allianceId = alliance_id;
      return [character_id, affiliation];
    }),
  );
}

/** Columns that the new affiliation makes untrue. The name of the same corporation stays. */
const lostBy = (row: CharacterRow, { corporationId, corporationName, allianceId }: Affiliation) => [
  ...(allianceId === undefined ? (["allianceId"] as const) : []),
  ...(corporationName === undefined && corporationId !== row.corporationId ? (["corporationName"] as const) : []),
];

async function save(row: CharacterRow, affiliation: Affiliation): Promise<CharacterRow> {
  const lost = lostBy(row, affiliation);
  const change = CharacterEntity().patch({ characterId: row.characterId }).set(affiliation);
  await (lost.length > 0 ? change.remove(lost) : change).where(({ userId }, op) => op.eq(userId, row.userId)).go();
  const kept = { ...row };
  for (const name of lost) delete kept[name];
  return { ...kept, ...affiliation };
}

/** Updates corporation and alliance of some characters. They stay as they are if ESI does not answer. */
export async function refresh(rows: CharacterRow[]): Promise<CharacterRow[]> {
  const stale = rows.filter((row) => Date.now() - (row.affiliationAt ?? 0) > freshMs);
  if (stale.length === 0) return rows;
  try {
    const known = await fetchAll(stale.map((row) => row.characterId));
    return await Promise.all(
      rows.map((row) => {
        const affiliation = known.get(row.characterId);
        return affiliation ? save(row, affiliation) : row;
      }),
    );
  } catch (error) {
    Log.warn("the characters' corporations could not be brought up to date", { error });
    return rows;
  }
}
