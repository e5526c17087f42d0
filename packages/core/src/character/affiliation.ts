import * as Esi from "../esi/index.ts";
import * as Log from "../log/index.ts";
import { CharacterEntity, type CharacterRow } from "./character.entity.ts";

/** ESI keeps an affiliation for an hour. */
const freshMs = 3600_000;

/** Somebody is waiting for a page: better an old corporation name than a slow list. */
const timeoutMs = 3_000;

type Affiliation = Pick<CharacterRow, "corporationId" | "corporationName" | "allianceId" | "affiliationAt">;

async function fetchAll(characterIds: number[]): Promise<Map<number, Affiliation>> {
  const options = { interactive: true, signal: AbortSignal.timeout(timeoutMs) };
  const { data = [] } = await Esi.request("PostCharactersAffiliation", { body: characterIds, ...options });
  const corporationIds = [...new Set(data.map((row) => row.corporation_id))];
  const names = corporationIds.length
    ? ((await Esi.request("PostUniverseNames", { body: corporationIds, ...options })).data ?? [])
    : [];
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  const affiliationAt = Date.now();
  return new Map(
    data.map(({ character_id, corporation_id, alliance_id }) => {
      const corporationName = nameOf.get(corporation_id);
      const affiliation: Affiliation = { corporationId: corporation_id, affiliationAt };
      if (corporationName) affiliation.corporationName = corporationName;
      if (alliance_id) affiliation.allianceId = alliance_id;
      return [character_id, affiliation];
    }),
  );
}

/** The row without what ESI may have taken back: a corporation that left its alliance has none. */
const without = ({ allianceId: _, ...row }: CharacterRow): CharacterRow => row;

async function save(row: CharacterRow, affiliation: Affiliation): Promise<CharacterRow> {
  const change = CharacterEntity().patch({ characterId: row.characterId }).set(affiliation);
  await (affiliation.allianceId ? change : change.remove(["allianceId"]))
    .where(({ userId }, op) => op.eq(userId, row.userId))
    .go();
  return { ...without(row), ...affiliation };
}

/** Brings corporation and alliance of these characters up to date; without ESI they stay as they were. */
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
