import { randomInt } from "node:crypto";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as Actor from "../actor/index.ts";
import { get as getDataset } from "../corporation/datasets/index.ts";
import { shapeOf } from "../dataset/index.ts";
import { address } from "../refresh/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import * as Rows from "./index.ts";

const members = getDataset("members");

/** The CSV of a corporation whose members have these names. */
async function csvOf(names: (string | undefined)[]): Promise<string> {
  const corporationId = randomInt(2 ** 40);
  const rows = names.map((name, index) => ({ character_id: index + 1, ...(name === undefined ? {} : { name }) }));
  const shape = shapeOf(members);
  const options = { fence: 1, retentionDays: 1 };
  await Snapshot.commit(address(corporationId, members), shape, Snapshot.tableOf(shape, rows), options);
  const asked = { corporationId, dataset: "members", sort: "character_id" };
  const bytes = await Actor.provide({ type: "system", name: "test" }, () => Rows.csv(asked));
  return gunzipSync(bytes).toString();
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
  return rows.map((row) => row[header.indexOf("name")] as string);
};

test("commas, quotes and line breaks stay within their cell", async () => {
  const names = ["Plain", "Comma, here", 'Say "fly"', "Two\nlines", "CR\rLF\r\nboth", "ünïcödé ☃"];

  expect(nameColumn(await csvOf(names))).toEqual(names);
});

test("a text that a spreadsheet would run as a formula is disarmed, a number is left alone", async () => {
  const names = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", "=A1,B1"];

  expect(nameColumn(await csvOf(names))).toEqual(names.map((name) => `'${name}`));
});

test("a missing value is an empty cell, and an empty dataset a header alone", async () => {
  expect(nameColumn(await csvOf(["A", undefined]))).toEqual(["A", ""]);
  expect(await csvOf([])).toBe("character_id,name\r\n");
});

test("whatever the names are, reading the CSV gives them back", async () => {
  const name = fc.string({ unit: "binary", maxLength: 20 }).filter((text) => !/^[=+\-@\t\r]/.test(text) && text !== "");
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 30 }), async (names) => {
      expect(nameColumn(await csvOf(names))).toEqual(names);
    }),
    { numRuns: 20 },
  );
});
