import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Freshness from "../freshness/index.ts";

const dataset = "wallet-journal";
const route = "GetCorporationsCorporationIdWalletsDivisionJournal";
const hour = 3_700;

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 50, journalPerDay: 300, historyDays: 36 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  await world.control("rest", { corporationId: pilot.corporationId });
  await refresh();
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await world.control("stats", undefined, "DELETE");
});

const refresh = () => world.refresh(pilot.corporationId, dataset);
const trade = (division: number, count: number) =>
  world.control("trades", { corporationId: pilot.corporationId, division, count });
const wrong = () => difference(dataset, { newEden: world.eden.url, ...pilot });
const freshness = async () => {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return board.find((each) => each.dataset === dataset) as Freshness.Freshness;
};

async function spent() {
  const { requests, tokensSpent, earlyFetches } = (await world.control("stats")) as {
    requests: Record<string, Record<string, number>>;
    tokensSpent: number;
    earlyFetches: number;
  };
  const count = Object.values(requests[route] ?? {}).reduce((sum, each) => sum + each, 0);
  return { requests: count, tokens: tokensSpent, earlyFetches };
}

test("a wallet with nothing new takes one request a division, although the oldest entries have left ESI's window", async () => {
  const pages = (await world.rows(pilot.corporationId, dataset)).length / 1000;
  await world.advance(hour);

  await refresh();

  expect(pages).toBeGreaterThan(8);
  const { requests, tokens, earlyFetches } = await spent();
  expect([requests, earlyFetches]).toEqual([7, 0]);
  expect(tokens).toBeLessThanOrEqual(14);
  expect(await wrong()).toEqual(none);
});

test("new entries of several pages are stored as far as they are read, and what a failing page kept back comes next", async () => {
  await trade(3, 1_200);
  await world.control("faults", { operationId: route, kind: "status", status: 500, onlyLater: true });
  await world.advance(hour);
  await refresh();
  const failed = await freshness();
  const lacking = (await wrong()).missing.length;
  await world.control("faults", undefined, "DELETE");
  await world.advance(hour);

  await refresh();

  expect(failed).toMatchObject({ status: "failed", lastError: { code: "esi.server" } });
  expect(lacking).toBeGreaterThan(1_000);
  expect(await freshness()).toMatchObject({ status: "fresh" });
  expect(await wrong()).toEqual(none);
});
