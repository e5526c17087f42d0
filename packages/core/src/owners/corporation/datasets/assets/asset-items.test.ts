import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../../../test/pilot.ts";
import { storedRows } from "../../../../../test/truth.ts";
import { startWorld, type World } from "../../../../../test/world.ts";
import * as Freshness from "../../../../engine/freshness/index.ts";
import * as Owner from "../../../../owner/index.ts";

const operationId = "PostCorporationsCorporationIdAssetsNames";

let world: World;
let pilots: (Pilot & { corporationId: number })[];
beforeAll(async () => {
  const size = { members: 12, assets: 1_500, journalPerDay: 1 };
  world = await startWorld({ corporations: [size, size, size] });
  pilots = [];
  for (const { ceo } of (await world.truth()).corporations) pilots.push(await corporationOf(ceo.characterId));
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
});

const pilot = (at: number) => pilots[at] as Pilot & { corporationId: number };
const names = ({ corporationId }: { corporationId: number }) => storedRows(corporationId, "asset-names");
const refresh = ({ corporationId }: { corporationId: number }, name = "asset-names") =>
  world.refresh(corporationId, name);
const board = async ({ as, corporationId }: Pilot & { corporationId: number }) => {
  const entries = await as(() => Freshness.board({ owner: Owner.corporation(corporationId) }));
  return entries.find(({ dataset }) => dataset === "asset-names") as Freshness.Freshness;
};
async function asked(): Promise<Record<string, number>> {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return requests[operationId] ?? {};
}
const forgetStats = () => world.control("stats", undefined, "DELETE");

/** Ids of all items that can be named, found out through another corporation's untroubled refresh of the same kind. */
async function nameable(of: Pilot & { corporationId: number }): Promise<number[]> {
  await refresh(of, "assets");
  await refresh(of);
  return (await names(of)).map(({ item_id }) => item_id as number);
}

describe.each([404, 400])("a list of items that is refused with %i", (status) => {
  test("names all but the refused within a few refreshes, remembers those, and says so", async () => {
    const owner = pilot(status === 404 ? 0 : 1);
    const ids = await nameable(owner);
    const bad = ids.filter((_, at) => at % Math.ceil(ids.length / 16) === 0);
    // From here on as if nothing had been read yet.
    await world.advance(25 * 3600);
    await world.control("faults", {
      operationId,
      kind: "status",
      status,
      ids: bad,
      corporationId: owner.corporationId,
    });
    const before = await names(owner);
    await forgetStats();

    for (let round = 0; round < 8; round += 1) {
      await refresh(owner, "assets");
      await refresh(owner);
      await world.advance(121);
    }
    const answers = await asked();
    await forgetStats();
    await world.advance(3 * 3600);
    await refresh(owner);

    expect(bad.length).toBeGreaterThan(10);
    expect(answers[String(status)]).toBeLessThanOrEqual(8 * 30);
    expect(await asked()).toEqual({});
    // What had been read of them stays.
    expect((await names(owner)).filter(({ item_id }) => bad.includes(item_id as number))).toEqual(
      before.filter(({ item_id }) => bad.includes(item_id as number)),
    );
    expect((await board(owner)).status).not.toBe("failed");
  });
});

test("items that are refused from the first are told as missing, and all others are named", async () => {
  const owner = pilot(2);
  await refresh(owner, "assets");
  const assets = await storedRows(owner.corporationId, "assets");
  const bad = assets.filter((_, at) => at % 97 === 0).map(({ item_id }) => item_id as number);
  await world.control("faults", { operationId, kind: "status", status: 404, ids: bad });

  for (let round = 0; round < 8; round += 1) {
    await refresh(owner);
    await world.advance(121);
  }
  const told = (await board(owner)).missing;
  const stored = await names(owner);
  await forgetStats();
  await world.advance(3 * 3600);
  await refresh(owner);

  expect(stored.length).toBeGreaterThan(40);
  expect(told?.count).toBeGreaterThan(0);
  expect(told?.why).toMatch(/^ESI refuses \d+ of the items; each is asked for again after a day or more\.$/);
  expect(stored.some(({ item_id }) => bad.includes(item_id as number))).toBe(false);
  expect(await asked()).toEqual({});
});
