import { staticData } from "../static-data/index.ts";
import { celestialOf } from "../world/celestial.ts";
import { type Category, find, findByName } from "../world/directory.ts";
import type { Structure } from "../world/structure.ts";
import { type Call, type Family, post, whole } from "./endpoint.ts";
import { Refusal } from "./views.ts";

/** Under which key /universe/ids lists each category. */
const plurals: Record<Category, string> = {
  alliance: "alliances",
  character: "characters",
  constellation: "constellations",
  corporation: "corporations",
  inventory_type: "inventory_types",
  region: "regions",
  solar_system: "systems",
  station: "stations",
  faction: "factions",
};

const temperatePlanet = 11;
const origin = { x: 0, y: 0, z: 0 };

function findStructure({ world, ids }: Call): { owner: number; structure: Structure } | undefined {
  for (const { corporationId, structures } of world.corporations.values()) {
    const structure = structures.rows.get(ids.structure_id ?? 0);
    if (structure) return { owner: corporationId, structure };
  }
  return undefined;
}

export const universe: Family = {
  PostUniverseNames: post(({ world, body }) => {
    const found = (body as number[]).map((id) => find(world, id));
    if (found.some((entry) => !entry)) throw new Refusal(404, "Ensure all IDs are valid before resolving.");
    return found;
  }),

  PostUniverseIds: post(({ world, body }) => {
    const answer: Record<string, { id: number; name: string }[]> = {};
    for (const { id, name, category } of findByName(world, body as string[])) {
      const plural = plurals[category];
      answer[plural] = [...(answer[plural] ?? []), { id, name }];
    }
    return answer;
  }),

  GetUniverseStructuresStructureId: whole(
    (call) => {
      const found = findStructure(call);
      if (!found) return undefined;
      const { name, systemId, typeId, position } = found.structure;
      return { name, owner_id: found.owner, position, solar_system_id: systemId, type_id: typeId };
    },
    ({ world, caller }) => {
      // Docking is the alliance's own right.
      if (!world.corporationOf(caller?.characterId ?? 0)) throw new Refusal(403, "Forbidden");
    },
  ),

  GetUniverseStationsStationId: whole(({ ids }) => {
    const station = staticData().stations.get(ids.station_id ?? 0);
    return (
      station && {
        max_dockable_ship_volume: 50_000_000,
        name: station.name,
        office_rental_cost: 10_000,
        owner: station.ownerId,
        position: station.position,
        reprocessing_efficiency: station.reprocessingEfficiency,
        reprocessing_stations_take: station.reprocessingTake,
        services: [
          "reprocessing-plant",
          "market",
          "cloning",
          "repair-facilities",
          "fitting",
          "docking",
          "office-rental",
        ],
        station_id: station.stationId,
        system_id: station.systemId,
        type_id: station.typeId,
      }
    );
  }),

  GetUniversePlanetsPlanetId: whole(({ ids }) => {
    const found = celestialOf(ids.planet_id ?? 0);
    if (found?.kind !== "planet") return undefined;
    const { name, systemId } = found;
    return { name, planet_id: ids.planet_id, position: origin, system_id: systemId, type_id: temperatePlanet };
  }),

  GetUniverseMoonsMoonId: whole(({ ids }) => {
    const found = celestialOf(ids.moon_id ?? 0);
    if (found?.kind !== "moon") return undefined;
    return { moon_id: ids.moon_id, name: found.name, position: origin, system_id: found.systemId };
  }),

  GetUniverseSystemsSystemId: whole(({ ids }) => {
    const system = staticData().systems.get(ids.system_id ?? 0);
    return (
      system && {
        constellation_id: system.constellationId,
        name: system.name,
        position: system.position,
        ...(system.securityClass ? { security_class: system.securityClass } : {}),
        security_status: system.security,
        ...(system.stationIds.length > 0 ? { stations: system.stationIds } : {}),
        system_id: system.systemId,
      }
    );
  }),

  GetUniverseTypesTypeId: whole(({ ids }) => {
    const type = staticData().types.get(ids.type_id ?? 0);
    return (
      type && {
        capacity: type.capacityM3,
        description: "",
        group_id: type.groupId,
        ...(type.marketGroupId === undefined ? {} : { market_group_id: type.marketGroupId }),
        name: type.name,
        portion_size: type.portionSize,
        published: true,
        type_id: type.typeId,
        volume: type.volumeM3,
      }
    );
  }),
};
