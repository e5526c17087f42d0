import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { corporationOf, type Pilot } from "../../../../../test/pilot.ts";
import { difference, none, type Row, storedRows } from "../../../../../test/truth.ts";
import { startWorld, type World } from "../../../../../test/world.ts";
import * as State from "../../../../engine/state/index.ts";
import * as Owner from "../../../../owner/index.ts";
import { get } from "../index.ts";

/** A day of New Eden's life, looked at every twenty minutes. */
vi.setConfig({ testTimeout: 120_000 });

const operations = {
  "asset-names": "PostCorporationsCorporationIdAssetsNames",
  "asset-locations": "PostCorporationsCorporationIdAssetsLocations",
  "location-names": "GetUniverseStructuresStructureId",
} as const;
type Follower = keyof typeof operations;
const followers = Object.keys(operations) as Follower[];
const lists = ["assets", "member-tracking", "structures"];
const hourSeconds = 3600;
const lookSeconds = 20 * 60;

let world: World;
let pilot: Pilot & { corporationId: number };
let neighbour: number;

beforeAll(async () => {
  const plan = { members: 40, assets: 600, journalPerDay: 1 };
  world = await startWorld({ corporations: [plan, plan] });
  await world.advanceTo("12:00");
  const [home, other] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  neighbour = other?.corporationId as number;
  await world.control("rest", { corporationId: pilot.corporationId });
  await world.advance(2 * hourSeconds);
  await live(1);
  // Somewhere else than at home, so that ESI has to be asked what it is called.
  const [elsewhere] = await world.rows(neighbour, "structures");
  const { item_id } = await itemOf("container");
  await change(item_id as number, { structureId: elsewhere?.structure_id });
  await live(24);
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("stats", undefined, "DELETE");
});

const refresh = (name: string) => world.refresh(pilot.corporationId, name);
const stored = (name: string) => storedRows(pilot.corporationId, name);
const find = async (name: string, key: string, id: number) => (await stored(name)).find((row) => row[key] === id);
const change = (itemId: number, what: object) =>
  world.control("items", { corporationId: pilot.corporationId, itemId, ...what });

/** Every twenty minutes each dataset is handed to a worker, who does what is due and no more. */
async function live(hours: number): Promise<void> {
  for (let passed = 0; passed < hours * hourSeconds; passed += lookSeconds) {
    for (const name of [...lists, ...followers]) await refresh(name);
    await world.advance(lookSeconds);
  }
}

async function answers(): Promise<Record<Follower, number>> {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  const count = (operationId: string) =>
    Object.values(requests[operationId] ?? {}).reduce((sum, each) => sum + each, 0);
  return Object.fromEntries(followers.map((name) => [name, count(operations[name])])) as Record<Follower, number>;
}

async function refusals(): Promise<number> {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  const { "200": _, ...refused } = requests[operations["location-names"]] ?? {};
  return Object.values(refused).reduce((sum, each) => sum + each, 0);
}

/** How often workers have taken each dataset. */
async function leases(): Promise<Record<string, number>> {
  const states = await State.list(Owner.corporation(pilot.corporationId));
  return Object.fromEntries(states.map(({ dataset, fence }) => [dataset, fence]));
}

const hoursOf = (name: string): number => (get(name).rereadSeconds ?? 0) / hourSeconds;

/** A ship or container in a hangar, which can be named and moved. */
async function itemOf(category: "ship" | "container"): Promise<Row> {
  const named = new Set((await stored("asset-names")).map(({ item_id }) => item_id));
  const inside = new Set(
    (await stored("assets")).map(({ location_id, location_flag }) => `${location_id} ${location_flag}`),
  );
  const items = (await stored("assets")).filter(
    ({ item_id, location_type }) => named.has(item_id) && location_type === "item",
  );
  const isShip = ({ item_id }: Row) => !inside.has(`${item_id} Unlocked`) && !inside.has(`${item_id} Locked`);
  return items.find((item) => isShip(item) === (category === "ship")) as Row;
}

test("on a quiet day names and places are read once, and hardly a worker looks at them", async () => {
  const known = new Map(await Promise.all(followers.map(async (name) => [name, await stored(name)] as const)));
  const places = known.get("location-names")?.filter(({ owner_id }) => owner_id !== undefined).length ?? 0;
  const before = await leases();

  await live(24);

  const asked = await answers();
  const after = await leases();
  const taken = followers.map((name) => (after[name] ?? 0) - (before[name] ?? 0));
  expect([asked["asset-names"], asked["asset-locations"]]).toEqual([1, 1]);
  expect([places, asked["location-names"]]).toEqual([1, 1]);
  expect(Math.max(...taken)).toBeLessThanOrEqual(3);
  expect((after.assets ?? 0) - (before.assets ?? 0)).toBeGreaterThan(12);
});

test("a container that is renamed has its new name within what the declaration says, though no list has changed", async () => {
  const { item_id } = await itemOf("container");
  await change(item_id as number, { name: "Third shelf" });

  await live(hoursOf("asset-names") + 1);

  expect(hoursOf("asset-names")).toBe(24);
  expect(await find("asset-names", "item_id", item_id as number)).toMatchObject({ name: "Third shelf" });
});

test("a ship that comes into space, and one that flies on to another system, is located as soon as the list has it", async () => {
  const { item_id } = await itemOf("ship");
  const [first, second] = [30_000_142, 30_002_187];
  await change(item_id as number, { systemId: first });
  await live(2);
  const there = await find("asset-locations", "item_id", item_id as number);
  await world.control("stats", undefined, "DELETE");
  await change(item_id as number, { systemId: second });

  await live(2);

  const onwards = await find("asset-locations", "item_id", item_id as number);
  expect([there?.solar_system_id, onwards?.solar_system_id]).toEqual([first, second]);
  expect(onwards?.x).not.toBe(there?.x);
  expect((await answers())["asset-locations"]).toBeLessThanOrEqual(2);
  expect(await difference("asset-locations", { newEden: world.eden.url, ...pilot })).toEqual(none);
});

test("a structure in which a thing has come to lie is named as soon as the list has it, and no other is asked for", async () => {
  const { item_id } = await itemOf("ship");
  const others = (await world.rows(neighbour, "structures")).map(({ structure_id }) => structure_id as number);
  const known = new Set((await stored("location-names")).map(({ location_id }) => location_id));
  const structureId = others.find((id) => !known.has(id)) as number;
  await change(item_id as number, { structureId });

  await live(2);

  expect(await find("location-names", "location_id", structureId)).toMatchObject({ name: expect.any(String) });
  expect((await answers())["location-names"]).toBe(1);
});

test("a structure of which ESI says nothing is not asked for again within the day", async () => {
  const { item_id } = await itemOf("ship");
  await change(item_id as number, { structureId: 1_099_999_999_999 });
  await live(2);
  const first = await refusals();

  await live(18);

  expect(first).toBe(1);
  expect(await refusals()).toBe(1);
});
