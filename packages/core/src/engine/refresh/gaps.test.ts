import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none, storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Freshness from "../freshness/index.ts";

const dataset = "wallet-transactions";
const operationId = "GetCorporationsCorporationIdWalletsDivisionTransactions";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 50, journalPerDay: 60, historyDays: 6 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
});
afterAll(() => world?.close());

async function freshness(): Promise<Freshness.Freshness> {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return board.find((each) => each.dataset === dataset) as Freshness.Freshness;
}

const ids = async () => (await storedRows(pilot.corporationId, dataset)).map(({ transaction_id }) => transaction_id);
const early = async () => ((await world.control("stats")) as { earlyFetches: number }).earlyFetches;

test("transactions whose older ones cannot be read are stored, told to be incomplete, and completed without asking early", async () => {
  await world.control("faults", { operationId, kind: "status", status: 500, onlyLater: true });
  await world.refresh(pilot.corporationId, dataset);
  const [first, stored] = [await freshness(), await ids()];
  await world.advance(150);
  await world.refresh(pilot.corporationId, dataset);
  const still = await freshness();
  await world.control("faults", undefined, "DELETE");

  await world.advance(1_000);
  await world.refresh(pilot.corporationId, dataset);
  const whole = await freshness();
  const completed = await ids();

  expect(stored.length).toBeGreaterThan(0);
  const told = { status: "failed", lastError: { code: "esi.server" } };
  expect([first, still]).toMatchObject([told, told]);
  expect(first.missing).toEqual({
    count: expect.any(Number),
    why: expect.stringMatching(/^Older entries could not be read yet\. ESI answers/),
  });
  expect(whole).toMatchObject({ status: "fresh" });
  expect(whole.missing).toBeUndefined();
  expect(new Set(completed).size).toBe(completed.length);
  expect(await difference(dataset, { newEden: world.eden.url, ...pilot })).toEqual(none);
  expect(await early()).toBe(0);
});
