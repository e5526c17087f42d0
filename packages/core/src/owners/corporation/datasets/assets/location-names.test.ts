import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../../../test/pilot.ts";
import { type Row, storedRows } from "../../../../../test/truth.ts";
import { startWorld, type World } from "../../../../../test/world.ts";
import * as Freshness from "../../../../engine/freshness/index.ts";
import * as Refusals from "../../../../eve/lookup/refusals.ts";
import * as Owner from "../../../../owner/index.ts";

const operationId = "GetUniverseStructuresStructureId";

let world: World;
let pilots: (Pilot & { corporationId: number })[];
beforeAll(async () => {
  const plan = { members: 600, assets: 900, journalPerDay: 1 };
  world = await startWorld({ corporations: [plan, plan, plan] });
  // Not in EVE's daily downtime, in which one failure stands for all.
  await world.advanceTo("12:00");
  pilots = [];
  for (const { ceo } of (await world.truth()).corporations) pilots.push(await corporationOf(ceo.characterId));
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  Refusals.reset();
});

const owner = (at: number) => pilots[at] as Pilot & { corporationId: number };
const refresh = ({ corporationId }: { corporationId: number }, name = "location-names") =>
  world.refresh(corporationId, name);
const names = async ({ corporationId }: { corporationId: number }) =>
  new Map((await storedRows(corporationId, "location-names")).map((row) => [row.location_id as number, row]));
const board = async ({ as, corporationId }: Pilot & { corporationId: number }) => {
  const entries = await as(() => Freshness.board({ owner: Owner.corporation(corporationId) }));
  return entries.find(({ dataset }) => dataset === "location-names") as Freshness.Freshness;
};
const answers = async () => {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return requests[operationId] ?? {};
};
const forgetStats = () => world.control("stats", undefined, "DELETE");

/** Reads where the corporation's things are, and says in which structures. */
async function placesOf(of: Pilot & { corporationId: number }): Promise<number[]> {
  for (const name of ["assets", "member-tracking"]) await refresh(of, name);
  const rows = await storedRows(of.corporationId, "assets");
  const tracked = await storedRows(of.corporationId, "member-tracking");
  const items = new Set(rows.map(({ item_id }) => item_id));
  const ids = new Set([...rows, ...tracked].map(({ location_id }) => location_id as number));
  const own = new Set(
    rows.filter(({ location_type }) => location_type === "solar_system").map(({ item_id }) => item_id),
  );
  return [...ids].filter((id) => id > 1e12 && (!items.has(id) || own.has(id)));
}

test("a structure that is refused or fails keeps no other from its name; each is tried again at its own time", async () => {
  const of = owner(0);
  const [refused = 0, failing = 0, ...others] = await placesOf(of);
  await world.control("faults", { operationId, kind: "status", status: 403, ids: [refused] });
  await world.control("faults", { operationId, kind: "status", status: 502, ids: [failing] });

  await refresh(of);
  const first = await names(of);
  const told = (await board(of)).missing;
  await world.control("faults", undefined, "DELETE");
  await forgetStats();
  await world.advance(130);
  await refresh(of);

  expect(others.length).toBeGreaterThan(2);
  expect(others.filter((id) => first.get(id)?.name === undefined)).toEqual([]);
  expect([first.get(refused)?.name, first.get(failing)?.name]).toEqual([undefined, undefined]);
  expect(told).toMatchObject({ count: 2, why: expect.stringMatching(/^ESI refuses 1 structures/) });
  // The failed one alone was asked for; the refused one is remembered.
  expect(await answers()).toEqual({ "200": 1 });
  expect((await names(of)).get(failing)?.name).toEqual(expect.any(String));
  await forgetStats();
  await world.advance(24 * 3600);
  await refresh(of);
  expect((await names(of)).get(refused)?.name).toEqual(expect.any(String));
});

test.each([403, 404, 500])(
  "a name that was read stays, with its date, when ESI answers %i later on",
  async (status) => {
    const of = owner(1);
    const ids = await placesOf(of);
    await world.advance(25 * 3600);
    await refresh(of);
    const before = await names(of);
    await world.control("faults", { operationId, kind: "status", status });
    await world.advance(25 * 3600);
    await refresh(of);
    const after = await names(of);

    const facts = (rows: Map<number, Row>) =>
      ids.map((id) => {
        const { location_id, name, solar_system_id, type_id, named_at } = rows.get(id) ?? {};
        return { location_id, name, solar_system_id, type_id, named_at };
      });
    expect(facts(before).filter(({ name, named_at }) => !name || !named_at)).toEqual([]);
    expect(facts(after)).toEqual(facts(before));
  },
);

test("refused lookups stay far below ESI's limit of errors, and another day brings no more than that", async () => {
  const of = owner(2);
  await placesOf(of);
  await world.control("faults", { operationId, kind: "status", status: 403 });
  await forgetStats();
  const counted: number[] = [];
  for (let minute = 0; minute < 6; minute += 1) {
    const before = (await answers())["403"] ?? 0;
    await refresh(of);
    counted.push(((await answers())["403"] ?? 0) - before);
    await world.advance(121);
  }
  const all = (await answers())["403"] ?? 0;
  await world.advance(3 * 3600);
  await refresh(of);

  expect(all).toBeGreaterThan(2);
  expect(Math.max(...counted)).toBeLessThanOrEqual(20);
  expect((await answers())["403"]).toBe(all);
  const { sent420 } = (await world.control("stats")) as { sent420: number };
  expect(sent420).toBe(0);
});
