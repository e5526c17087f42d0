import { expect, test } from "vitest";
import { asArguments, settingOf } from "./test-clock.mjs";
import { rows } from "./test-matrix.mjs";

type Values = Record<string, string | number | undefined>;

/** Every pair of two columns' values that stands in one of the rows. */
const pairsOf = (table: Values[], a: string, b: string) => new Set(table.map((row) => `${row[a]} ${row[b]}`));
const valuesOf = (table: Values[], column: string) => new Set(table.map((row) => row[column]));

function expectEveryPair(table: Values[], columns: string[]): void {
  for (const [index, a] of columns.entries()) {
    for (const b of columns.slice(index + 1)) {
      const { size } = pairsOf(table, a, b);
      expect(size, `${a} x ${b}`).toBe(valuesOf(table, a).size * valuesOf(table, b).size);
    }
  }
}

test("the matrix holds every pair of clock, Node, user and time zone", () => {
  expectEveryPair(rows, ["clock", "node", "user", "tz"]);
});

test("the setting of a day is the same all day, and every pair has its day within two months", () => {
  const days = Array.from({ length: 60 }, (_, day) => new Date(Date.UTC(2026, 10, 1 + day, 3)));

  expectEveryPair(days.map(settingOf), ["clock", "tz", "locale"]);
  expect(settingOf(new Date("2026-11-29T00:00:00Z"))).toEqual(settingOf(new Date("2026-11-29T23:59:59Z")));
});

test("a setting is told as arguments that run the same again", () => {
  expect(asArguments({ clock: "2028-02-29T11:05Z", tz: "Asia/Kolkata", locale: undefined })).toBe(
    "--clock 2028-02-29T11:05Z --tz Asia/Kolkata",
  );
});
