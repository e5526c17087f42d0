import { isoSeconds } from "../clock.ts";
import type { Member } from "../world/roster.ts";
import { titles } from "../world/title.ts";
import { corporationWhole, derived, type Family } from "./endpoint.ts";

const memberIds = derived((members: readonly Member[]) => members.map(({ characterId }) => characterId));

const tracking = derived((members: readonly Member[]) =>
  members.map((member) => ({
    base_id: member.baseId,
    character_id: member.characterId,
    location_id: member.locationId,
    logoff_date: isoSeconds(member.logoffMs),
    logon_date: isoSeconds(member.logonMs),
    ship_type_id: member.shipTypeId,
    start_date: isoSeconds(member.startMs),
  })),
);

const roles = derived((members: readonly Member[]) =>
  members
    .filter((member) => member.roles.length > 0 || member.rolesAtHq.length > 0)
    .map(({ characterId, roles: held, rolesAtHq, grantable }) => ({
      character_id: characterId,
      ...(grantable.length > 0 ? { grantable_roles: grantable } : {}),
      roles: held,
      ...(rolesAtHq.length > 0 ? { roles_at_hq: rolesAtHq } : {}),
    })),
);

const memberTitles = derived((members: readonly Member[]) =>
  members.map(({ characterId, titleIds }) => ({ character_id: characterId, titles: titleIds })),
);

/** Corporations grow their limit with their CEO's skills. */
const memberLimits = [40, 120, 640, 3150, 6300, 12_600];

export const member: Family = {
  GetCorporationsCorporationIdMembers: corporationWhole(({ corporation }) =>
    memberIds(corporation.roster.members.list()),
  ),

  GetCorporationsCorporationIdMembertracking: corporationWhole(({ corporation }) =>
    tracking(corporation.roster.members.list()),
  ),

  GetCorporationsCorporationIdRoles: corporationWhole(({ corporation }) => roles(corporation.roster.members.list())),

  GetCorporationsCorporationIdTitles: corporationWhole(() =>
    titles.map(({ titleId, name, roles: granted, rolesAtHq }) => ({
      name,
      roles: granted,
      roles_at_hq: rolesAtHq,
      title_id: titleId,
    })),
  ),

  GetCorporationsCorporationIdMembersTitles: corporationWhole(({ corporation }) =>
    memberTitles(corporation.roster.members.list()),
  ),

  GetCorporationsCorporationIdMembersLimit: corporationWhole(({ corporation }) =>
    memberLimits.find((limit) => limit >= corporation.roster.members.size),
  ),
};
