import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "../../../test/world.ts";
import * as Refusals from "../lookup/refusals.ts";
import * as Names from "./index.ts";
import * as Refused from "./refused.ts";

const operationId = "PostUniverseNames";

let world: World;
let members: number[];
beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 120, assets: 10, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  members = (await world.rows(home?.corporationId as number, "members")) as unknown as number[];
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await world.control("stats", undefined, "DELETE");
  await world.advance(61);
});

/** Ids that mean nothing to anybody. */
const strangers = (count: number): number[] => Array.from({ length: count }, () => 2_000_000_000 + randomInt(1e8));

const requests = async () => {
  const { requests: all } = (await world.control("stats")) as {
    requests: Record<string, Record<string, number>>;
  };
  return all[operationId] ?? {};
};
const refusals = async () => (await requests())["404"] ?? 0;

/** As another process would, which shares nothing but the table. */
const elsewhere = () => {
  Refused.reset();
  Refusals.reset();
};

test("ids that ESI does not know are found out a few at a time, and left alone for a day by every process", async () => {
  const unknown = strangers(55);
  const asked: number[] = [];
  for (let round = 0; round < 20; round += 1) {
    const before = await refusals();
    const { isIncomplete } = await Names.resolve(unknown);
    asked.push((await refusals()) - before);
    if (!isIncomplete) break;
    await world.advance(61);
  }
  const found = await refusals();

  elsewhere();
  const again = await Names.resolve(unknown);

  expect(Math.max(...asked)).toBeLessThanOrEqual(25);
  expect(asked.length).toBeLessThan(10);
  expect(again).toEqual({ names: new Map(), isIncomplete: false, cost: 0 });
  expect(await refusals()).toBe(found);
  await world.advance(25 * 3600);
  await Names.resolve(unknown.slice(0, 2));
  expect(await refusals()).toBeGreaterThan(found);
});

test("names are given for all others whatever some ids do: refused, failing, asked for twice, more than ESI takes", async () => {
  const [broken = 0, ...others] = members;
  const unknown = strangers(3);
  await world.control("faults", { operationId, kind: "status", status: 502, ids: [broken] });

  const { names, isIncomplete } = await Names.resolve([...members, ...members, ...unknown]);

  expect(isIncomplete).toBe(true);
  expect(others.filter((id) => !names.has(id)).length).toBeLessThan(8);
  await world.control("faults", undefined, "DELETE");
  await world.advance(61);
  const later = await Names.resolve([...members, ...unknown]);
  expect([...later.names.keys()].sort()).toEqual([...members].sort());
});

test("a list that is refused as malformed for one id is searched as well", async () => {
  const pilots = members.slice(40, 80);
  const [bad = 0, ...good] = strangers(1).concat(pilots);
  await world.control("faults", { operationId, kind: "status", status: 400, ids: [bad] });

  const { names } = await Names.resolve([bad, ...good]);

  expect([...names.keys()].sort()).toEqual([...good].sort());
});

test("planets that ESI does not know are remembered as well, and do not keep the others from being named", async () => {
  const [home] = (await world.truth()).corporations;
  const list = await world.rows(home?.corporationId as number, "skyhooks");
  const { skyhooks } = list as unknown as { skyhooks: { planet_id: number }[] };
  const planetId = skyhooks[0]?.planet_id as number;
  const [stranger = 0] = strangers(1);
  const ask = () => Names.planets([stranger, planetId]);
  const { names } = await ask();
  elsewhere();
  await ask();

  const { requests: all } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };

  expect([...names.keys()]).toEqual([planetId]);
  expect(all.GetUniversePlanetsPlanetId?.["404"]).toBe(1);
});
