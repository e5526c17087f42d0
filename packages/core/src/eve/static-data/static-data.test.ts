import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { generate } from "../../../scripts/generate-static-data.ts";
import * as StaticData from "./index.ts";

const sde = (file: string) =>
  gunzipSync(readFileSync(new URL(`../../../../../data/sde/${file}.jsonl.gz`, import.meta.url)))
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

test("the generated file is what the generator makes of the static data", () => {
  const file = readFileSync(new URL("./generated/static-data.json.gz", import.meta.url));

  const fresh = generate();

  expect(gunzipSync(file).equals(gunzipSync(fresh))).toBe(true);
  expect(file.length).toBeLessThan(300_000);
});

test("every type of the export is found with its fields", () => {
  const types = sde("types");

  const wrong = types.filter((entry) => {
    const type = StaticData.type(entry._key);
    return (
      !type ||
      type.name !== entry.name.en ||
      type.groupId !== entry.groupID ||
      type.volumeM3 !== entry.volume ||
      type.basePriceIsk !== (entry.basePrice ?? 0) ||
      type.published !== entry.published
    );
  });

  expect(types.length).toBeGreaterThan(17_000);
  expect(wrong).toEqual([]);
});

test("a station leads to its system and that to its region", () => {
  const station = StaticData.station(60003760);
  const system = StaticData.system(station?.systemId ?? 0);

  expect(station?.name).toBe("Jita IV - Moon 4 - Caldari Navy Assembly Plant");
  expect(system).toMatchObject({ name: "Jita", constellationId: 20000020, regionId: 10000002 });
  expect(system?.security).toBeCloseTo(0.9459, 4);
  expect(StaticData.region(10000002)?.name).toBe("The Forge");
});

test("stations that the list of names lacks are named by system and owner", () => {
  const named = new Set(sde("stationNames").map((entry) => entry._key));
  const unnamed = sde("npcStations").filter((entry) => !named.has(entry._key));

  const names = unnamed.map((entry) => StaticData.name("station", entry._key));

  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !/^\S.* - \S/.test(name ?? ""))).toEqual([]);
});

test("an id that the static data do not know yet has no name", () => {
  expect(StaticData.typeName(999_999_999)).toBeUndefined();
  expect(StaticData.type(-1)).toBeUndefined();
  expect(StaticData.name("system", 0)).toBeUndefined();
});

test("a search finds any part of a name in any case, the closest match first", () => {
  const found = StaticData.searchTypes(" rAVEN").map((id) => StaticData.typeName(id));

  expect(found[0]).toBe("Raven");
  expect(found.indexOf("Raven Navy Issue")).toBeGreaterThan(0);
  expect(found.every((name) => name?.toLowerCase().includes("raven"))).toBe(true);
});

test("a search prefers a word's beginning to its middle", () => {
  const found = StaticData.searchTypes("ore").map((id) => StaticData.typeName(id) ?? "");
  const inside = found.findIndex((name) => !/\bore/i.test(name));
  const atWord = found.findLastIndex((name) => /\bore/i.test(name));

  expect(inside).toBeGreaterThan(0);
  expect(atWord).toBeLessThan(inside);
});

test("an empty search finds nothing", () => {
  expect(StaticData.searchTypes("  ")).toEqual([]);
  expect(StaticData.searchTypes("no such thing in new eden")).toEqual([]);
});
