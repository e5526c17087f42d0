import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const dataDir = new URL("../../../../data/", import.meta.url);

export interface ItemType {
  typeId: number;
  name: string;
  groupId: number;
  groupName: string;
  categoryId: number;
  volumeM3: number;
  capacityM3: number;
  portionSize: number;
  priceIsk: number;
  marketGroupId: number | undefined;
}

export interface SolarSystem {
  systemId: number;
  name: string;
  constellationId: number;
  regionId: number;
  security: number;
  securityClass: string | undefined;
  position: Position;
  stationIds: number[];
}

interface Station {
  stationId: number;
  name: string;
  systemId: number;
  typeId: number;
  ownerId: number;
  position: Position;
  reprocessingEfficiency: number;
  reprocessingTake: number;
}

export interface Position {
  x: number;
  y: number;
  z: number;
}

interface Place {
  id: number;
  name: string;
  factionId: number | undefined;
}

interface NpcCorporation extends Place {
  systemId: number | undefined;
}

interface Line {
  _key: number;
  name?: { en?: string };
  [field: string]: unknown;
}

/** Reads a data file of the repository, e.g. `esi/openapi.json.gz`, unpacked. */
export function readData(path: string): string {
  return gunzipSync(readFileSync(new URL(path, dataDir))).toString("utf8");
}

/** The records of a file of the static data export, e.g. `types`. */
export function lines(file: string): Line[] {
  const text = readData(`sde/${file}.jsonl.gz`).trim();
  return JSON.parse(`[${text.replaceAll("\n", ",")}]`) as Line[];
}

const nameOf = (line: Line) => line.name?.en ?? `#${line._key}`;

const unlisted = (typeId: number, name: string, groupId: number, groupName: string, categoryId: number): ItemType => ({
  typeId,
  name,
  groupId,
  groupName,
  categoryId,
  volumeM3: 1,
  capacityM3: 0,
  portionSize: 1,
  priceIsk: 0,
  marketGroupId: undefined,
});

/** Items that ESI names though the export at hand does not hold them: unpublished, or newer than it. */
const unlistedTypes: readonly ItemType[] = [
  unlisted(27, "Office", 16, "Station Services", 3),
  unlisted(2233, "Customs Office", 1025, "Orbital Infrastructure", 46),
  unlisted(81_143, "Magmatic Gas", 4729, "Colony Reagents", 4),
  unlisted(81_144, "Superionic Ice", 4729, "Colony Reagents", 4),
];

function loadTypes(): Map<number, ItemType> {
  const groups = new Map(lines("groups").map((line) => [line._key, line]));
  const types = new Map(unlistedTypes.map((type) => [type.typeId, type]));
  for (const line of lines("types")) {
    const group = groups.get(line.groupID as number);
    types.set(line._key, {
      typeId: line._key,
      name: nameOf(line),
      groupId: line.groupID as number,
      groupName: group ? nameOf(group) : "",
      categoryId: (group?.categoryID as number) ?? 0,
      volumeM3: (line.volume as number) ?? 1,
      capacityM3: (line.capacity as number) ?? 0,
      portionSize: (line.portionSize as number) ?? 1,
      priceIsk: (line.basePrice as number) ?? 0,
      marketGroupId: line.marketGroupID as number | undefined,
    });
  }
  return types;
}

function loadSystems(): Map<number, SolarSystem> {
  return new Map(
    lines("mapSolarSystems").map((line) => [
      line._key,
      {
        systemId: line._key,
        name: nameOf(line),
        constellationId: line.constellationID as number,
        regionId: line.regionID as number,
        security: (line.securityStatus as number) ?? 0,
        securityClass: line.securityClass as string | undefined,
        position: line.position as Position,
        stationIds: [],
      },
    ]),
  );
}

function loadStations(systems: Map<number, SolarSystem>): Map<number, Station> {
  const names = new Map(lines("stationNames").map((line) => [line._key, nameOf(line)]));
  const stations = new Map<number, Station>();
  for (const line of lines("npcStations")) {
    const system = systems.get(line.solarSystemID as number);
    const name = names.get(line._key);
    if (!system || !name) continue;
    system.stationIds.push(line._key);
    stations.set(line._key, {
      stationId: line._key,
      name,
      systemId: system.systemId,
      typeId: line.typeID as number,
      ownerId: line.ownerID as number,
      position: line.position as Position,
      reprocessingEfficiency: line.reprocessingEfficiency as number,
      reprocessingTake: line.reprocessingStationsTake as number,
    });
  }
  return stations;
}

function loadPlaces(file: string): Map<number, Place> {
  return new Map(
    lines(file).map((line) => [
      line._key,
      { id: line._key, name: nameOf(line), factionId: line.factionID as number | undefined },
    ]),
  );
}

function load() {
  const systems = loadSystems();
  const types = loadTypes();
  const npcCorporations = new Map<number, NpcCorporation>(
    lines("npcCorporations").map((line) => [
      line._key,
      {
        id: line._key,
        name: nameOf(line),
        factionId: line.factionID as number | undefined,
        systemId: line.solarSystemID as number | undefined,
      },
    ]),
  );
  return {
    types,
    systems,
    stations: loadStations(systems),
    regions: loadPlaces("mapRegions"),
    constellations: loadPlaces("mapConstellations"),
    npcCorporations,
  };
}

export type StaticData = ReturnType<typeof load>;

let loaded: StaticData | undefined;

/** The real universe: types, systems, stations. Read once for all worlds of the process. */
export function staticData(): StaticData {
  loaded ??= load();
  return loaded;
}
