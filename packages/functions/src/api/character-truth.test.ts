import { plainText } from "@tapi/core/eve/markup";
import { Datasets } from "@tapi/core/owners/character";
import { refreshQueues } from "@tapi/core/platform/topology";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drain } from "../../../core/test/queues.ts";
import { none, pilotDifference, pilotTruth, type Row } from "../../../core/test/truth.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser } from "../../test/browser.ts";
import { handler as refresh } from "../queue/refresh.ts";

// What the API shows of a pilot equals what EVE has, dataset by dataset: after the first import, and after a day of life.

let world: World;
let pilot: number;
let browser: Browser;

const seconds = { day: 86_400, hour: 3_600 };

async function work(): Promise<void> {
  for (let round = 0; round < 4; round += 1) for (const queue of refreshQueues) await drain(queue, refresh);
}

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 10, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilot = home?.member.characterId as number;
  browser = new Browser();
  await browser.logIn(pilot);
  await browser.logIn(pilot, `?purpose=character&share=true&characterId=${pilot}`);
  await work();
});
afterAll(() => world?.close());

const truth = (dataset: string) => pilotTruth(dataset, subject());
/** Texts are shown without tags and outer blanks. */
const asShown = (row: Row): Row => (typeof row.text === "string" ? { ...row, text: plainText(row.text) } : row);
/** Of ledgers all that is kept, not only the last month. */
const rows = async (dataset: string): Promise<Row[]> => {
  const since = Datasets.get(dataset).storage === "ledger" ? "&from=2026-06-01" : "";
  return (await browser.get(`/characters/${pilot}/datasets/${dataset}/rows?limit=500${since}`)).body.data;
};

const subject = () => ({ newEden: world.eden.url, characterId: pilot });

const byKey = (dataset: string) => {
  const { key } = Datasets.get(dataset);
  return (row: Row) => JSON.stringify(key.map((column) => row[column]));
};

const isMoment = (value: unknown): value is string => typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
const comparable = (row: Row, columns: readonly string[]): Row =>
  Object.fromEntries(
    columns.map((column) => [column, isMoment(row[column]) ? Date.parse(row[column]) : (row[column] ?? null)]),
  );

/** Both sides by key, in the columns that ESI's answer has. */
async function sides(dataset: string): Promise<{ shown: Row[]; true: Row[] }> {
  const expected = (await truth(dataset)).map(asShown);
  const shown = (await rows(dataset)).filter((row) => dataset !== "asset-names" || row.name !== undefined);
  const columns = [...new Set(expected.flatMap((row) => Object.keys(row)))].sort();
  const key = byKey(dataset);
  const sorted = (list: Row[]) =>
    list.sort((one, other) => (key(one) < key(other) ? -1 : 1)).map((row) => comparable(row, columns));
  return { shown: sorted(shown), true: sorted(expected) };
}

/** Those that are answers of ESI about the pilot; the two of names are asked for by what these hold. */
const ofEsi = Datasets.datasets.map(({ name }) => name).filter((name) => !/^(location|party)-names$/.test(name));

test.each(ofEsi)("%s equals EVE's after the first import", async (dataset) => {
  const both = await sides(dataset);

  expect(both.true.length).toBeGreaterThan(0);
  expect(both.shown).toEqual(both.true);
});

test.each(Datasets.datasets.map(({ name }) => name))("%s is stored row by row as EVE has it", async (dataset) => {
  expect(await pilotTruth(dataset, subject())).not.toEqual([]);
  expect(await pilotDifference(dataset, subject())).toEqual(none);
});

test("after a day of the pilot's life every dataset equals EVE's again, and the feed tells what happened", async () => {
  const before = (await sides("wallet")).true;
  await world.control("pilots", { characterId: pilot, amount: 12_345_678, changeFraction: 0.3, notifications: 2 });
  await world.advance(seconds.day + 2 * seconds.hour);
  await browser.post(`/characters/${pilot}/refresh`);
  await work();

  const compared = await Promise.all(ofEsi.map(async (dataset) => [dataset, await sides(dataset)] as const));
  const feed: { kind: string }[] = (await browser.get(`/characters/${pilot}/history?limit=200`)).body.data;

  expect((await sides("wallet")).true).not.toEqual(before);
  for (const [dataset, both] of compared) {
    // A ledger keeps what EVE lists no more.
    if (Datasets.get(dataset).storage === "ledger")
      expect(both.shown, dataset).toEqual(expect.arrayContaining(both.true));
    else expect(both.shown, dataset).toEqual(both.true);
  }
  expect(feed.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["isk.in", "notification.received"]));
});
