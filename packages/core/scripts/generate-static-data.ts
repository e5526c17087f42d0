import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Column, Packed } from "../src/eve/static-data/packed.ts";

const source = new URL("../../../data/sde/", import.meta.url);
const target = new URL("../src/eve/static-data/generated/static-data.json.gz", import.meta.url);

interface Entry {
  _key: number;
  name: { en: string };
  published?: boolean;
  [field: string]: unknown;
}

function read(name: string): Entry[] {
  const lines = gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, source)))
    .toString()
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Entry).sort((a, b) => a._key - b._key);
}

/** Sorted ids as differences: small numbers that repeat, which is what gzip likes. */
const differences = (ids: number[]): number[] => ids.map((id, index) => id - (ids[index - 1] ?? 0));

const nameColumn = (names: string[]): string => {
  if (names.some((name) => name.includes("\n"))) throw new Error("a name holds the separator");
  return names.join("\n");
};

const numbers = (entries: Entry[], field: string): number[] => entries.map((entry) => Number(entry[field] ?? 0));

function pack<Fields extends string>(
  entries: Entry[],
  fields: Record<Fields, number[]>,
  names = entries.map((entry) => entry.name.en),
): Column<Fields> {
  return { ids: differences(entries.map((entry) => entry._key)), names: nameColumn(names), ...fields };
}

/** The export names no stations: the names are an extra file, and the few it lacks are made as the game makes them. */
function stationNames(stations: Entry[], systems: Entry[]): string[] {
  const named = new Map(read("stationNames").map((entry) => [entry._key, entry.name.en]));
  const systemName = new Map(systems.map((entry) => [entry._key, entry.name.en]));
  const ownerName = new Map(read("npcCorporations").map((entry) => [entry._key, entry.name.en]));
  return stations.map(
    (station) =>
      named.get(station._key) ??
      `${systemName.get(station.solarSystemID as number)} - ${ownerName.get(station.ownerID as number) ?? "Station"}`,
  );
}

/** The packed file: what the product looks up by id, column by column. */
export function generate(): Buffer {
  const types = read("types");
  const groups = read("groups");
  const systems = read("mapSolarSystems");
  const stations = read("npcStations");
  const packed: Packed = {
    types: pack(types, {
      groupId: numbers(types, "groupID"),
      volume: numbers(types, "volume"),
      basePrice: numbers(types, "basePrice"),
      published: types.map((type) => Number(type.published)),
    }),
    groups: pack(groups, { categoryId: numbers(groups, "categoryID") }),
    categories: pack(read("categories"), {}),
    regions: pack(read("mapRegions"), {}),
    constellations: pack(read("mapConstellations"), {}),
    systems: pack(systems, {
      security: numbers(systems, "securityStatus"),
      constellationId: numbers(systems, "constellationID"),
      regionId: numbers(systems, "regionID"),
    }),
    stations: pack(stations, { systemId: numbers(stations, "solarSystemID") }, stationNames(stations, systems)),
  };
  return gzipSync(JSON.stringify(packed), { level: 9 });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await mkdir(new URL(".", target), { recursive: true });
  await writeFile(target, generate());
}
