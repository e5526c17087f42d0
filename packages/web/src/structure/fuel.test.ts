import { expect, test } from "vitest";
import { blocksPerHour, fuelTone, isReinforced, parseServices, stateTone, towerFuelMs } from "./fuel.ts";

const DAY_MS = 86_400_000;

test("fuel of less than three days is alarming, of less than ten a warning", () => {
  expect([2.9, 3.1, 9.9, 10.1].map((days) => fuelTone(days * DAY_MS))).toEqual(["failed", "stale", "stale", "fresh"]);
});

test("a tower's blocks last by its size", () => {
  expect(
    ["Amarr Control Tower", "Minmatar Control Tower Medium", "Gallente Control Tower Small"].map(blocksPerHour),
  ).toEqual([40, 20, 10]);
  expect(towerFuelMs("Amarr Control Tower", 960)).toBe(DAY_MS);
});

test("services are read from the text in which they are stored", () => {
  expect(parseServices("Moon Drilling (online), Reprocessing (offline)")).toEqual([
    { name: "Moon Drilling", online: true },
    { name: "Reprocessing", online: false },
  ]);
  expect(parseServices(undefined)).toEqual([]);
});

test("reinforced is distinguished from quiet and from transitional states", () => {
  expect(["armor_reinforce", "hull_vulnerable", "reinforced", "HullReinforced"].every(isReinforced)).toBe(true);
  expect(["shield_vulnerable", "online", "anchoring", "onlining"].map(stateTone)).toEqual([
    "fresh",
    "fresh",
    "stale",
    "stale",
  ]);
});
