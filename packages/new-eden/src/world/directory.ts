import { staticData } from "../static-data/index.ts";
import type { World } from "./world.ts";

export type Category =
  | "alliance"
  | "character"
  | "constellation"
  | "corporation"
  | "inventory_type"
  | "region"
  | "solar_system"
  | "station"
  | "faction";

/** The export at hand names no factions. */
const factions = new Map([
  [500_001, "Caldari State"],
  [500_002, "Minmatar Republic"],
  [500_003, "Amarr Empire"],
  [500_004, "Gallente Federation"],
  [500_010, "Guristas Pirates"],
  [500_011, "Angel Cartel"],
]);

interface Entry {
  id: number;
  name: string;
  category: Category;
}

/** Whose or what id this is; undefined for one that means nothing. */
export function find(world: World, id: number): Entry | undefined {
  const { types, systems, stations, regions, constellations, npcCorporations } = staticData();
  const entry = (name: string | undefined, category: Category) =>
    name === undefined ? undefined : { id, name, category };
  return (
    entry(world.people.get(id)?.name, "character") ??
    entry((world.corporations.get(id) ?? world.outside.get(id) ?? npcCorporations.get(id))?.name, "corporation") ??
    (id === world.alliance.allianceId ? entry(world.alliance.name, "alliance") : undefined) ??
    entry(types.get(id)?.name, "inventory_type") ??
    entry(systems.get(id)?.name, "solar_system") ??
    entry(stations.get(id)?.name, "station") ??
    entry(regions.get(id)?.name, "region") ??
    entry(constellations.get(id)?.name, "constellation") ??
    entry(factions.get(id), "faction")
  );
}

export const nameOf = (world: World, id: number): string => find(world, id)?.name ?? `#${id}`;

/** Everything with exactly this name, whatever the case. */
export function findByName(world: World, names: readonly string[]): Entry[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const found: Entry[] = [];
  const take = (id: number, name: string, category: Category) => {
    if (wanted.has(name.toLowerCase())) found.push({ id, name, category });
  };
  for (const { characterId, name } of world.people.all()) take(characterId, name, "character");
  for (const { corporationId, name } of world.corporations.values()) take(corporationId, name, "corporation");
  for (const { corporationId, name } of world.outside.values()) take(corporationId, name, "corporation");
  take(world.alliance.allianceId, world.alliance.name, "alliance");
  const { types, systems, stations, regions, constellations, npcCorporations } = staticData();
  for (const { id, name } of npcCorporations.values()) take(id, name, "corporation");
  for (const { typeId, name } of types.values()) take(typeId, name, "inventory_type");
  for (const { systemId, name } of systems.values()) take(systemId, name, "solar_system");
  for (const { stationId, name } of stations.values()) take(stationId, name, "station");
  for (const { id, name } of regions.values()) take(id, name, "region");
  for (const { id, name } of constellations.values()) take(id, name, "constellation");
  for (const [id, name] of factions) take(id, name, "faction");
  return found;
}
