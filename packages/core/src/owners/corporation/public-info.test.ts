import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import { address } from "../../engine/collection/index.ts";
import { type Row, shapeOf } from "../../engine/dataset/index.ts";
import * as History from "../../engine/history/index.ts";
import * as Rows from "../../engine/rows/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { get as getDataset } from "./datasets/index.ts";
import * as Corporation from "./index.ts";

const hourSeconds = 3600;
const size = { members: 12, assets: 50, journalPerDay: 5 };

let world: World;
let pilots: (Pilot & { corporationId: number })[];
beforeAll(async () => {
  world = await startWorld({ corporations: [size, size, size] });
  pilots = [];
  for (const { ceo } of (await world.truth()).corporations) pilots.push(await corporationOf(ceo.characterId));
});
afterAll(() => world?.close());

const pilot = (at: number) => pilots[at] as Pilot & { corporationId: number };

async function change(corporationId: number, what: object): Promise<void> {
  await world.advance(hourSeconds + 1);
  await world.control("corporations", { corporationId, ...what });
  await world.advance(hourSeconds + 1);
  await world.refresh(corporationId, "public-info");
}

async function told({ corporationId, as }: Pilot & { corporationId: number }): Promise<[string, string][]> {
  const { entries } = await as(() => History.feed({ owner: Owner.corporation(corporationId) }));
  return entries.filter(({ dataset }) => dataset === "public-info").map(({ kind, text }) => [kind, text]);
}

test("a corporation that was renamed bears its new name and ticker wherever it is shown, added again or not", async () => {
  const { corporationId, characterId, as } = pilot(0);
  const renamed = { name: "Second Thoughts", ticker: "2ND" };

  await change(corporationId, renamed);

  expect(await as(() => Corporation.get({ corporationId }))).toMatchObject(renamed);
  expect(await as(() => Corporation.list())).toMatchObject([renamed]);
  expect(await as(() => Corporation.add({ characterId }))).toMatchObject(renamed);
});

test("the feed tells each thing that changed in one answer", async () => {
  const { corporationId } = pilot(1);
  const { ceo, directors } = (await world.truth()).corporations[1] ?? {};
  const [successor] = directors ?? [];
  const [before] = await world.rows(corporationId, "public-info").then((rows) => [rows].flat() as Row[]);

  await change(corporationId, {
    name: "Third Time",
    ticker: "3RD",
    ceoId: successor?.characterId,
    allianceId: null,
    taxRate: 0.125,
  });

  const rates = before?.tax_rates as { isk: number } | undefined;
  const percent = `${Number(((rates?.isk ?? 0) * 100).toFixed(2))}%`;
  expect(await told(pilot(1))).toEqual([
    ["corporation.renamed", `The name changed from ${before?.name} to Third Time`],
    ["corporation.ticker", `The ticker changed from ${before?.ticker} to 3RD`],
    ["corporation.ceo", `The CEO changed from ${ceo?.name} to ${successor?.name}`],
    ["corporation.alliance", expect.stringMatching(/^The alliance changed from .*[a-z].* to none$/)],
    ["corporation.tax", `The tax rate changed from ${percent} to 12.5%`],
    ["corporation.description", "The description changed"],
  ]);
});

test("what an earlier release stored under a ticker is read on, and nothing is told that did not happen", async () => {
  const { corporationId, as } = pilot(2);
  const dataset = getDataset("public-info");
  const where = address(Owner.corporation(corporationId), dataset);
  const { formerKey: key = [], ...shape } = shapeOf(dataset);
  const former: Snapshot.Shape = { columns: shape.columns.filter((column) => column !== "corporation_id"), key };
  const [current] = (await Snapshot.read(where, shapeOf(dataset))).rows();
  const { corporation_id: _, ...row } = current as Row;
  const system = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
  await system(() => Snapshot.remove({ owner: where.owner, collections: [where.collection], before: Date.now() + 1 }));
  for (const member_count of [7, 8, 9]) {
    await world.advance(60);
    const table = Snapshot.tableOf(former, [{ ...row, member_count }]);
    await Snapshot.commit(where, former, table, { fence: 1, retentionDays: 90 });
  }
  Snapshot.clearCache();

  const read = (await Snapshot.read(where, shapeOf(dataset))).rows();
  const past = new Date().toISOString();
  await change(corporationId, { taxRate: 0.01 });
  await change(corporationId, { taxRate: 0.02 });
  Snapshot.clearCache();

  expect(read).toMatchObject([{ name: row.name, member_count: 9 }]);
  expect(await told(pilot(2))).toEqual([["corporation.tax", "The tax rate changed from 1% to 2%"]]);
  const { rows } = await as(() =>
    Rows.list({ owner: Owner.corporation(corporationId), dataset: "public-info", at: past }),
  );
  expect(rows).toMatchObject([{ name: row.name, member_count: 9 }]);
});
