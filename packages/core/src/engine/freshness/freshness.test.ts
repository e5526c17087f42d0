import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import type { Tier } from "../../owner/index.ts";
import * as Owner from "../../owner/index.ts";
import { Datasets } from "../../owners/corporation/index.ts";
import type { State } from "../state/index.ts";
import { freshnessOf } from "./freshness.ts";
import * as Freshness from "./index.ts";

const minuteMs = 60_000;
const wallets = Datasets.get("wallets");
const expiry = Date.parse("2026-11-20T12:00:00Z");
const refreshedAt = expiry - 5 * minuteMs;
const state: State = {
  owner: { kind: "corporation", id: 98_000_001 },
  dataset: "wallets",
  fence: 1,
  version: 3,
  rows: 7,
  failures: 0,
  refreshedAt,
  staleAt: expiry,
  nextAt: expiry,
};

const after = (minutes: number, more: Partial<Parameters<typeof freshnessOf>[2]> = {}) =>
  freshnessOf(wallets, state, { now: expiry + minutes * minuteMs, tier: "P1", ...more });

test.each<[Tier, number]>([
  ["P0", 1],
  ["P1", 5],
  ["P2", 15],
  ["P3", 60],
])("what has expired is due within what tier %s promises, and stale %i min after its expiry", (tier, minutes) => {
  const [before, due, stale] = [-0.01, minutes - 0.01, minutes + 0.01].map((at) => after(at, { tier }));

  expect(before).toMatchObject({ status: "fresh", tier });
  expect(due).toMatchObject({ status: "due", lateAt: new Date(expiry + minutes * minuteMs).toISOString() });
  expect(stale).toMatchObject({ status: "stale", lateAt: due?.lateAt });
});

test("what is fetched no more often than its interval is due when that ends, not when ESI's short expiry does", () => {
  const held = { ...state, nextAt: expiry + 10 * minuteMs };
  const at = (minutes: number) => freshnessOf(wallets, held, { now: expiry + minutes * minuteMs, tier: "P0" }).status;

  expect([9, 10.5, 11.5].map(at)).toEqual(["fresh", "due", "stale"]);
});

test("what is late and on its way is queued, and what was refreshed since it was sent is not", () => {
  expect(after(20, { sentAt: expiry + minuteMs }).status).toBe("queued");
  expect(after(20, { sentAt: refreshedAt - 1 }).status).toBe("stale");
});

test("a corporation that is slowed on purpose is due and says why, but only where something has expired", () => {
  expect(after(20, { slowed: true })).toMatchObject({ status: "due", slowed: true });
  expect(after(-1, { slowed: true })).toMatchObject({ status: "fresh" });
  expect(after(-1, { slowed: true }).slowed).toBeUndefined();
});

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 10, journalPerDay: 1 }] });
  pilot = await corporationOf((await world.truth()).corporations[0]?.ceo.characterId as number);
});
afterAll(() => world?.close());

const board = async (dataset: string) => {
  const all = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return all.find((each) => each.dataset === dataset);
};

test("the board tells of the slow pace to whoever looks first after days, and the look ends it", async () => {
  await world.refresh(pilot.corporationId, "wallets");
  const before = await board("wallets");

  await world.advance(5 * 86_400);
  const [first, second] = [await board("wallets"), await board("wallets")];

  expect(before).toMatchObject({ status: "fresh", tier: "P1" });
  expect(first).toMatchObject({ status: "due", slowed: true });
  expect(second?.slowed).toBeUndefined();
});
