import "../../owners/index.ts";
import { randomInt } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { putRows } from "../../../test/rows.ts";
import { plainText } from "../../eve/markup/index.ts";
import * as Owner from "../../owner/index.ts";
import { get as getDataset } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { address } from "../collection/index.ts";
import { shapeOf } from "../dataset/index.ts";
import * as Rows from "./index.ts";

const members = getDataset("members");

/** The CSV of a corporation whose members have these names. */
async function csvOf(names: (string | undefined)[], more: { profile?: "people" | "raw"; bom?: boolean } = {}) {
  const corporationId = randomInt(2 ** 40);
  const rows = names.map((name, index) => ({ character_id: index + 1, ...(name === undefined ? {} : { name }) }));
  await putRows(Owner.corporation(corporationId), members, rows);
  const asked = { owner: Owner.corporation(corporationId), dataset: "members", sort: "character_id", ...more };
  return (await Actor.provide({ type: "system", name: "test" }, () => Rows.csv(asked))).text;
}

/** RFC 4180, as a spreadsheet reads it. */
function parse(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = "", end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const nameColumn = (csv: string): string[] => {
  const [header = [], ...rows] = parse(csv);
  return rows.map((row) => row[header.findIndex((heading) => /^name$/i.test(heading))] as string);
};

test("commas, quotes and line breaks stay within their cell", async () => {
  const names = ["Plain", "Comma, here", 'Say "fly"', "Two\nlines", "CR\rLF\r\nboth", "ünïcödé ☃"];

  expect(nameColumn(await csvOf(names))).toEqual(names);
});

test("a text that a spreadsheet would run as a formula is disarmed for people and exact for machines", async () => {
  const names = ["=1+1", "+cmd", "-2", "@SUM(A1)", "=A1,B1", "-A- doctrine"];

  expect(nameColumn(await csvOf(names))).toEqual(names.map((name) => `'${name}`));
  expect(nameColumn(await csvOf(names, { profile: "raw" }))).toEqual(names);
});

test("a missing value is an empty cell, and an empty dataset a line of headings alone", async () => {
  expect(nameColumn(await csvOf(["A", undefined]))).toEqual(["A", ""]);
  expect(await csvOf([])).toBe("Character,Name\r\n");
  expect(await csvOf([], { profile: "raw", bom: true })).toBe("\ufeffcharacter_id,name\r\n");
});

test("whatever the names are, reading the CSV for machines gives them back", async () => {
  const name = fc.string({ unit: "binary", maxLength: 20 }).filter((text) => plainText(text) !== "");
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 30 }), async (names) => {
      expect(nameColumn(await csvOf(names, { profile: "raw" }))).toEqual(names.map(plainText));
    }),
    { numRuns: 20 },
  );
});

test("the game's markup is gone from cells, and rows are found and sorted by what is left", async () => {
  const corporationId = randomInt(2 ** 40);
  const shape = shapeOf(members);
  const names = ["<color=0xffff0000>Zed</color>", "\u00a0 Aria &amp; Co", "I <3 you", "<b>Mid</b>"];
  const rows = names.map((name, index) => ({ character_id: index + 1, name }));
  await putRows(Owner.corporation(corporationId), members, rows);
  const asked = { owner: Owner.corporation(corporationId), dataset: "members", sort: "name" };
  const as = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

  const page = await as(() => Rows.list(asked));
  const found = await as(() => Rows.list({ ...asked, search: "aria & co" }));
  const facets = await as(() => Rows.facets({ ...asked, column: "name" }));

  expect(page.rows.map(({ name }) => name)).toEqual(["Aria & Co", "I <3 you", "Mid", "Zed"]);
  expect(found.rows.map(({ character_id }) => character_id)).toEqual([2]);
  expect(facets.map(({ value }) => value).sort()).toEqual(["Aria & Co", "I <3 you", "Mid", "Zed"]);
  // What is stored is what ESI gave.
  expect((await Snapshot.read(address(Owner.corporation(corporationId), members), shape)).rows()).toEqual(rows);
});
