import { expect, test } from "vitest";
import { byDay } from "./days.ts";
import { parseChangesSearch } from "./search.ts";

test("entries stand under their day, newest first as they came", () => {
  const entry = (at: string) => ({ at });

  const days = byDay(["2026-11-20T13:00:00Z", "2026-11-20T00:01:00Z", "2026-11-19T23:59:00Z"].map(entry));

  expect(days.map(({ day, entries }) => [day, entries.length])).toEqual([
    ["2026-11-20", 2],
    ["2026-11-19", 1],
  ]);
});

test("an address without valid conditions is the whole feed", () => {
  expect(parseChangesSearch({ dataset: 4, compare: "yes", from: "" })).toEqual({});
  expect(parseChangesSearch({ dataset: "assets", compare: true, from: "2026-11-19" })).toEqual({
    dataset: "assets",
    compare: true,
    from: "2026-11-19",
  });
});
