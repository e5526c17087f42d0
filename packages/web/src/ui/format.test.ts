import { expect, test } from "vitest";
import {
  formatAge,
  formatCompact,
  formatCount,
  formatDateTime,
  formatIsk,
  formatNumber,
  formatPercent,
  humanise,
  initials,
} from "./format.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test("an age names its largest units, and looks forward as well as back", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");

  const ages = [0, 4_000, 42_000, 3 * MINUTE, 2 * HOUR + 10 * MINUTE, 3 * DAY + 5 * HOUR, 40 * DAY, 400 * DAY].map(
    (ms) => formatAge(now - ms, now),
  );

  expect(ages).toEqual([
    "just now",
    "just now",
    "42 s ago",
    "3 min ago",
    "2 h 10 min ago",
    "3 d 5 h ago",
    "40 d ago",
    "13 months ago",
  ]);
  expect(formatAge(now + 4 * MINUTE + 30_000, now)).toBe("in 4 min");
});

test("a whole number of hours or days has no empty second unit", () => {
  expect([formatAge(-HOUR, 0), formatAge(-2 * DAY, 0), formatAge(10 * DAY, 0)]).toEqual([
    "1 h ago",
    "2 d ago",
    "in 10 d",
  ]);
});

test("a compact figure keeps three digits and rounds into the next letter", () => {
  const figures = [0, 950, 1_234, 45_600, 999_999, 2_846_853_915_221, -7_500_000_000].map(formatCompact);

  expect(figures).toEqual(["0", "950", "1.23 k", "45.6 k", "1.00 M", "2.85 T", "-7.50 B"]);
});

test("ISK is shown to the cent, numbers without a needless fraction", () => {
  expect(formatIsk(1_234_567.5)).toBe("1,234,567.50");
  expect([formatNumber(3_000), formatNumber(0.125)]).toEqual(["3,000", "0.13"]);
  expect(formatPercent(0.075)).toBe("7.5 %");
});

test("moments are written as the game writes them, in UTC; what is no moment stays as it is", () => {
  expect(formatDateTime("2026-11-20T01:02:03Z")).toBe("2026.11.20 01:02");
  expect(formatDateTime("never")).toBe("never");
});

test("ESI's words become readable", () => {
  expect([humanise("player_donation"), humanise("Station_Manager"), humanise("OfficeFolder")]).toEqual([
    "Player donation",
    "Station Manager",
    "Office Folder",
  ]);
});

test("initials stand for a name even where it has one word, signs or none at all", () => {
  expect([initials("Velkyn Saissore"), initials("chribba"), initials("'Guise' Cloak (II)"), initials("")]).toEqual([
    "VS",
    "C",
    "GI",
    "?",
  ]);
});

test("what is counted stands in the singular for one and in the plural for all else", () => {
  expect([0, 1, 3_000].map((count) => formatCount(count, "row"))).toEqual(["0 rows", "1 row", "3,000 rows"]);
  expect([1, 2].map((count) => formatCount(count, "entry", "entries"))).toEqual(["1 entry", "2 entries"]);
});
