import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as StaticData from "../../eve/static-data/index.ts";
import * as Assets from "./index.ts";

interface Item {
  item_id: number;
  type_id: number;
  quantity: number;
  location_id: number;
  location_flag: string;
}

let world: World;
let pilot: Pilot & { corporationId: number };
let truth: Item[];
let summary: Assets.Summary;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 30, assets: 1_500, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  const { corporationId } = pilot;
  for (const dataset of ["divisions", "assets"]) await world.refresh(corporationId, dataset);
  truth = (await world.rows(corporationId, "assets")) as unknown as Item[];
  summary = await pilot.as(() => Assets.summary({ corporationId }));
});
afterAll(() => world?.close());

const quantityOf = (items: Item[]) => items.reduce((sum, { quantity }) => sum + quantity, 0);

const isSystem = (locationId: number) => locationId >= 30_000_000 && locationId < 33_000_000;

/** The chain of containers up from an item. A structure, which floats in a system, is a place and no container. */
function chain(item: Item): Item[] {
  const inside = truth.find(({ item_id }) => item_id === item.location_id);
  return inside && !isSystem(inside.location_id) ? [item, ...chain(inside)] : [item];
}

const grouped = (key: (item: Item) => number | undefined) => {
  const groups = new Map<number, Item[]>();
  for (const item of truth) {
    const group = key(item);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  return new Map([...groups].map(([id, items]) => [id, { count: items.length, quantity: quantityOf(items) }]));
};

test("counts and quantities are New Eden's", () => {
  expect(summary).toMatchObject({ count: truth.length, quantity: quantityOf(truth) });
});

test("an item counts to the station or structure that its containers stand in", () => {
  const places = grouped((item) => chain(item).at(-1)?.location_id);

  const told = new Map(summary.locations.map(({ location_id, count, quantity }) => [location_id, { count, quantity }]));

  expect(told).toEqual(places);
});

test("an item counts to the hangar that its containers lie in", () => {
  const hangarOf = (item: Item) => {
    const flag = chain(item).find(({ location_flag }) => /^CorpSAG\d$/.test(location_flag))?.location_flag;
    return flag ? Number(flag.slice(-1)) : undefined;
  };

  const told = new Map(summary.divisions.map(({ division, count, quantity }) => [division, { count, quantity }]));

  expect(told).toEqual(grouped(hangarOf));
});

test("types are the most frequent, with their names; the volume is that of all", () => {
  const types = grouped(({ type_id }) => type_id);
  const most = [...types.values()].map(({ count }) => count).sort((a, b) => b - a);

  expect(summary.types.map(({ count }) => count)).toEqual(most.slice(0, summary.types.length));
  expect(summary.types[0]?.name).toBe(StaticData.typeName(summary.types[0]?.type_id as number));
  const volumes = truth.map(({ type_id, quantity }) => quantity * (StaticData.type(type_id)?.volumeM3 ?? 0));
  expect(summary.volumeM3).toBeCloseTo(
    volumes.reduce((sum, volume) => sum + volume, 0),
    2,
  );
});
