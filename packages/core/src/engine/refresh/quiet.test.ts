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

const refresh = (name = dataset) => world.refresh(pilot.corporationId, name);
const trade = (division: number, count: number) =>
  world.control("trades", { corporationId: pilot.corporationId, division, count });
const wrong = () => difference(dataset, { newEden: world.eden.url, ...pilot });
const freshness = async () => {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return board.find((each) => each.dataset === dataset) as Freshness.Freshness;
};

async function spent(operationId = route) {
  const { requests, tokensSpent, earlyFetches } = (await world.control("stats")) as {
    requests: Record<string, Record<string, number>>;
    tokensSpent: number;
    earlyFetches: number;
  };
  const count = Object.values(requests[operationId] ?? {}).reduce((sum, each) => sum + each, 0);
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

/** Divisions of which all entries fit on one page: its tag differs when the oldest of them has left ESI's window. */
async function divisionsOfOnePage(): Promise<number> {
  const entries = await world.rows(pilot.corporationId, dataset);
  return [1, 2, 3, 4, 5, 6, 7].filter(
    (division) => entries.filter((entry) => entry.division === division).length <= 1000,
  ).length;
}

test("an hour of a wallet with nothing new takes a request and a token a division, and one token more where all is on one page", async () => {
  const lists = {
    [dataset]: route,
    "wallet-transactions": "GetCorporationsCorporationIdWalletsDivisionTransactions",
    wallets: "GetCorporationsCorporationIdWallets",
  };
  for (const name of Object.keys(lists)) await refresh(name);
  const took: Record<string, { requests: number; tokens: number }[]> = {};
  for (let passed = 0; passed < 4; passed += 1) {
    await world.advance(hour);
    for (const [name, operationId] of Object.entries(lists)) {
      await world.control("stats", undefined, "DELETE");
      await refresh(name);
      const { requests, tokens } = await spent(operationId);
      took[name] = [...(took[name] ?? []), { requests, tokens }];
    }
  }

  const most = (name: string) => Math.max(...(took[name] ?? []).map(({ tokens }) => tokens));
  const requests = (name: string) => new Set(took[name]?.map((each) => each.requests));
  expect(most(dataset)).toBeLessThanOrEqual(7 + (await divisionsOfOnePage()));
  expect(most("wallet-transactions")).toBeLessThanOrEqual(14);
  expect([requests(dataset), requests("wallet-transactions"), requests("wallets")]).toEqual([
    new Set([7]),
    new Set([7]),
    new Set([1]),
  ]);
  expect(most("wallets")).toBe(1);
});
