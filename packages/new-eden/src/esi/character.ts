import { isoSeconds } from "../clock.ts";
import { titles } from "../world/title.ts";
import { type Call, type Family, post, whole } from "./endpoint.ts";

function allianceOf({ world }: Call, corporationId: number): { alliance_id: number } | Record<string, never> {
  return world.corporations.has(corporationId) ? { alliance_id: world.alliance.allianceId } : {};
}

/** The roster entry of the character that the path names. */
function memberOf({ world, ids }: Call) {
  const characterId = ids.character_id ?? 0;
  return world.corporationOf(characterId)?.roster.members.get(characterId);
}

export const character: Family = {
  GetCharactersDetail: whole((call) => {
    const found = call.world.people.get(call.ids.character_id ?? 0);
    return (
      found && {
        achievement_score: found.characterId % 9000,
        ...allianceOf(call, found.corporationId),
        birthday: isoSeconds(found.birthdayMs),
        bloodline_id: found.bloodlineId,
        corporation_id: found.corporationId,
        description: "",
        gender: found.gender,
        name: found.name,
        race_id: found.raceId,
        security_status: found.securityStatus,
      }
    );
  }),

  GetCharactersCharacterIdRoles: whole((call) => {
    const member = memberOf(call);
    return {
      roles: member?.roles ?? [],
      roles_at_base: [],
      roles_at_hq: member?.rolesAtHq ?? [],
      roles_at_other: [],
    };
  }),

  GetCharactersCharacterIdTitles: whole((call) => {
    const held = memberOf(call)?.titleIds ?? [];
    return titles
      .filter(({ titleId }) => held.includes(titleId))
      .map(({ titleId, name }) => ({ title_id: titleId, name }));
  }),

  PostCharactersAffiliation: post((call) => {
    const found = (call.body as number[]).map((id) => call.world.people.get(id));
    // One unknown character refuses them all, as ESI does.
    if (found.some((one) => !one)) return undefined;
    return found.flatMap((one) =>
      one
        ? [{ character_id: one.characterId, corporation_id: one.corporationId, ...allianceOf(call, one.corporationId) }]
        : [],
    );
  }),
};
