import { dayMs, isoSeconds } from "../clock.ts";
import { random } from "../random.ts";
import {
  type Contact,
  contactLabels,
  type IssuedMedal,
  type Medal,
  type Shareholder,
  type Standing,
} from "../world/affairs.ts";
import type { RoleChange } from "../world/roster.ts";
import { corporationPages, corporationWhole, derived, type Family, whole } from "./endpoint.ts";

const contacts = derived((list: readonly Contact[]) =>
  list.map(({ contactId, contactType, labelIds, standing }) => ({
    contact_id: contactId,
    contact_type: contactType,
    ...(contactType === "character" ? { is_watched: false } : {}),
    ...(labelIds.length > 0 ? { label_ids: labelIds } : {}),
    standing,
  })),
);

export const standings = derived((list: readonly Standing[]) =>
  list.map(({ fromId, fromType, standing }) => ({ from_id: fromId, from_type: fromType, standing })),
);

const medals = derived((list: readonly Medal[]) =>
  list.map(({ createdMs, creatorId, description, medalId, title }) => ({
    created_at: isoSeconds(createdMs),
    creator_id: creatorId,
    description,
    medal_id: medalId,
    title,
  })),
);

const issued = derived((list: readonly IssuedMedal[]) =>
  list.map(({ characterId, issuedMs, issuerId, medalId, reason }) => ({
    character_id: characterId,
    issued_at: isoSeconds(issuedMs),
    issuer_id: issuerId,
    medal_id: medalId,
    reason,
    status: "public",
  })),
);

const shareholders = derived((list: readonly Shareholder[]) =>
  list.map(({ count, shareholderId, type }) => ({
    share_count: count,
    shareholder_id: shareholderId,
    shareholder_type: type,
  })),
);

/** Newest first, a month back. */
const roleHistory = (changes: readonly RoleChange[], nowMs: number) =>
  changes
    .filter(({ changedAtMs }) => changedAtMs >= nowMs - 30 * dayMs)
    .map(({ changedAtMs, characterId, issuerId, newRoles, oldRoles }) => ({
      changed_at: isoSeconds(changedAtMs),
      character_id: characterId,
      issuer_id: issuerId,
      new_roles: newRoles,
      old_roles: oldRoles,
      role_type: "roles",
    }))
    .reverse();

const logo = (corporationId: number, size: number) =>
  `https://images.evetech.net/corporations/${corporationId}/logo?tenant=tranquility&size=${size}`;

const caldariState = 500_001;

export const affairs: Family = {
  GetCorporationsCorporationIdAlliancehistory: whole(({ world, ids }) => {
    const corporation = world.corporations.get(ids.corporation_id ?? 0);
    if (!corporation) return world.outside.has(ids.corporation_id ?? 0) ? [] : undefined;
    const joinedMs = world.alliance.foundedMs + corporation.index * 40 * dayMs;
    const record = corporation.corporationId * 10;
    return [
      { alliance_id: world.alliance.allianceId, record_id: record + 1, start_date: isoSeconds(joinedMs) },
      { record_id: record, start_date: isoSeconds(corporation.foundedMs) },
    ];
  }),

  GetCorporationsCorporationIdIcons: corporationWhole(({ corporation: { corporationId } }) => ({
    px128x128: logo(corporationId, 128),
    px256x256: logo(corporationId, 256),
    px64x64: logo(corporationId, 64),
  })),

  GetCorporationsCorporationIdContacts: corporationPages(({ corporation }) =>
    contacts(corporation.departments.affairs.contacts.list()),
  ),

  GetCorporationsCorporationIdContactsLabels: corporationWhole(() =>
    contactLabels.map((label_name, index) => ({ label_id: index + 1, label_name })),
  ),

  GetCorporationsCorporationIdStandings: corporationPages(({ corporation }) =>
    standings(corporation.departments.affairs.standings.list()),
  ),

  GetCorporationsCorporationIdMedals: corporationPages(({ corporation }) =>
    medals(corporation.departments.affairs.medals.list()),
  ),

  GetCorporationsCorporationIdMedalsIssued: corporationPages(({ corporation }) =>
    issued(corporation.departments.affairs.issued.list()),
  ),

  GetCorporationsCorporationIdShareholders: corporationPages(({ corporation }) =>
    shareholders(corporation.departments.affairs.shareholders.list()),
  ),

  GetCorporationsCorporationIdRolesHistory: corporationPages(({ corporation, nowMs }) =>
    roleHistory(corporation.roster.roleChanges, nowMs),
  ),

  /** The first corporation is at war for the Caldari; the others are not enlisted. */
  GetCorporationsCorporationIdFwStats: corporationWhole(({ corporation, world, nowMs }) => {
    if (corporation.index > 0) {
      const none = { last_week: 0, total: 0, yesterday: 0 };
      return { kills: none, victory_points: none };
    }
    const draw = random(world.plan.seed, "warfare", Math.floor(nowMs / dayMs));
    const days = Math.floor((nowMs - corporation.foundedMs) / dayMs);
    const figures = (perDay: number) => ({
      last_week: perDay * 7 + draw.int(0, perDay * 2),
      total: perDay * days,
      yesterday: draw.int(0, perDay * 2),
    });
    return {
      enlisted_on: isoSeconds(corporation.foundedMs),
      faction_id: caldariState,
      kills: figures(3),
      pilots: Math.ceil(corporation.roster.members.size / 10),
      victory_points: figures(900),
    };
  }),
};
