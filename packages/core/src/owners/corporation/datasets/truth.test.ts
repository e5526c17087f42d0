import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startOwnStack } from "../../../../test/dead-letter.ts";
import { corporationOf, type Pilot } from "../../../../test/pilot.ts";
import { difference, none, storedRows } from "../../../../test/truth.ts";
import { startWorld, type World } from "../../../../test/world.ts";
import * as Freshness from "../../../engine/freshness/index.ts";
import { type OperationId, type Route, routes } from "../../../eve/esi/index.ts";
import * as Owner from "../../../owner/index.ts";
import { datasets, get } from "./index.ts";

const hourSeconds = 3600;

/** Several refreshes and hours of New Eden's life each: on a busy machine that takes a while. */
vi.setConfig({ testTimeout: 60_000 });

let stack: Awaited<ReturnType<typeof startOwnStack>>;
let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  stack = await startOwnStack();
  world = await startWorld({ corporations: [{ members: 110, assets: 1_200, journalPerDay: 10 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  // Adding a corporation has read its public information.
  await world.advance(hourSeconds);
});
afterAll(async () => {
  await world?.close();
  await stack?.close();
});

const freshness = async (name: string) => {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return board.find(({ dataset }) => dataset === name) as Freshness.Freshness;
};

/** What a dataset reads if it is there, without waiting for it. */
const alsoReads: Record<string, string[]> = {
  "party-names": ["wallet-journal", "wallet-transactions"],
  "location-names": ["structures", "industry-jobs", "orders", "contracts"],
};

/** Refreshes what the dataset is made from, then itself, until nothing is left over. */
async function bring(name: string): Promise<Freshness.Freshness> {
  for (const other of [...(get(name).after ?? []), ...(alsoReads[name] ?? [])]) await bring(other);
  for (let round = 0; ; round += 1) {
    await world.refresh(pilot.corporationId, name);
    const state = await freshness(name);
    const waits = Date.parse(state.nextAt ?? "") - Date.now();
    if (state.status !== "fresh" || waits > 61_000 || round === 8) return state;
    await world.advance(61);
  }
}

const subject = () => ({ ...pilot, newEden: world.eden.url });

/** How long after a malformed answer ESI gives another one. */
function holdsForHours(operation: OperationId): number {
  const { daily, cacheTtlSeconds = hourSeconds }: Route = routes[operation];
  return daily ? 25 : cacheTtlSeconds / hourSeconds + 1;
}

for (const { name, operations } of datasets) {
  test(`${name} equals New Eden's truth when it arrives, and again when the world has moved on`, async () => {
    const arrived = await bring(name);
    expect(await difference(name, subject())).toEqual(none);
    await world.advance(5 * hourSeconds);
    const again = await bring(name);

    expect(await difference(name, subject())).toEqual(none);
    expect(await storedRows(pilot.corporationId, name)).not.toEqual([]);
    expect([arrived, again]).toMatchObject([{ status: "fresh" }, { status: "fresh" }]);
    expect([arrived.lastError, again.lastError, again.setAside]).toEqual([undefined, undefined, undefined]);
  });

  test(`${name} loses nothing to a malformed row, and is whole again when it is mended`, async () => {
    await bring(name);
    const before = (await storedRows(pilot.corporationId, name)).length;
    await world.advance(5 * hourSeconds);
    await world.control("faults", { operationId: operations[0], kind: "bad_row", times: 1 });

    await bring(name);
    const struck = (await storedRows(pilot.corporationId, name)).length;
    await world.control("faults", undefined, "DELETE");
    await world.advance(holdsForHours(operations[0]) * hourSeconds);
    await bring(name);

    expect(struck).toBeGreaterThanOrEqual(before * 0.8);
    expect(await difference(name, subject())).toEqual(none);
  });
}

test("none of it was fetched before its expiry, or beyond a budget", async () => {
  const stats = await world.control("stats");

  expect(stats).toMatchObject({ earlyExamples: [], sent429: 0, sent420: 0 });
});
