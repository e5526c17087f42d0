import { isoSeconds } from "../clock.ts";
import type { Corporation } from "../world/corporation.ts";
import type { Killmail, Loot } from "../world/killboard.ts";
import type { World } from "../world/world.ts";
import { corporationPages, derived, type Family, whole } from "./endpoint.ts";

const recent = derived((list: readonly Killmail[]) =>
  list.map(({ hash, killmailId }) => ({ killmail_hash: hash, killmail_id: killmailId })).reverse(),
);

/** Whose side somebody is on, as the killmail names it. */
function affiliation(world: World, characterId: number) {
  const corporationId = world.people.get(characterId)?.corporationId ?? 0;
  return {
    ...(world.corporations.has(corporationId) ? { alliance_id: world.alliance.allianceId } : {}),
    character_id: characterId,
    corporation_id: corporationId,
  };
}

const item = ({ flag, typeId, destroyed, dropped }: Loot) => ({
  flag,
  item_type_id: typeId,
  ...(destroyed > 0 ? { quantity_destroyed: destroyed } : {}),
  ...(dropped > 0 ? { quantity_dropped: dropped } : {}),
  singleton: 0,
});

function detail(world: World, { departments: { killboard } }: Corporation, killmail: Killmail) {
  const wreck = killboard.wreck(killmail);
  const share = Math.floor(wreck.damage / killmail.attackerIds.length);
  return {
    attackers: killmail.attackerIds.map((attackerId, index) => ({
      ...affiliation(world, attackerId),
      damage_done: index === 0 ? wreck.damage - share * (killmail.attackerIds.length - 1) : share,
      final_blow: index === 0,
      security_status: world.people.get(attackerId)?.securityStatus ?? 0,
      ship_type_id: wreck.attackerShipTypeIds[index] ?? wreck.shipTypeId,
      weapon_type_id: wreck.weaponTypeId,
    })),
    killmail_id: killmail.killmailId,
    killmail_time: isoSeconds(killmail.timeMs),
    solar_system_id: killmail.systemId,
    victim: {
      ...affiliation(world, killmail.victimId),
      damage_taken: wreck.damage,
      items: wreck.items.map(item),
      position: { x: killmail.killmailId * 1000, y: 2e10, z: -3e11 },
      ship_type_id: wreck.shipTypeId,
    },
  };
}

export const killmail: Family = {
  GetCorporationsCorporationIdKillmailsRecent: corporationPages(({ corporation }) =>
    recent(corporation.departments.killboard.killmails.list()),
  ),

  GetKillmailsKillmailIdKillmailHash: whole(({ world, ids, text }) => {
    for (const corporation of world.corporations.values()) {
      const found = corporation.departments.killboard.killmails.get(ids.killmail_id ?? 0);
      if (found && found.hash === text.killmail_hash) return detail(world, corporation, found);
    }
    return undefined;
  }),
};
