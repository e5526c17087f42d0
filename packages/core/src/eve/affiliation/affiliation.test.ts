import { randomInt } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startWorld, type World } from "../../../test/world.ts";
import * as Esi from "../esi/index.ts";
import * as Refusals from "../lookup/refusals.ts";
import * as Refused from "../names/refused.ts";
import { affiliationsOf } from "./index.ts";

const operationId = "PostCharactersAffiliation";

let world: World;
let members: number[];
beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 60, assets: 5, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  members = (await world.rows(home?.corporationId as number, "members")) as unknown as number[];
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await world.control("stats", undefined, "DELETE");
  Esi.reset();
  Refusals.reset();
});

const stranger = (): number => 2_000_000_000 + randomInt(1e8);
const calls = async (status: string) => {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return requests[operationId]?.[status] ?? 0;
};
const sorted = (ids: Iterable<number>) => [...ids].sort((one, other) => one - other);

test.each([404, 400])("characters whom ESI answers %i for take no other's answer away", async (status) => {
  const unknown = [stranger(), stranger()];
  await world.control("faults", { operationId, kind: "status", status, ids: unknown });

  const { known, refused } = await affiliationsOf([...unknown, ...members]);

  expect(sorted(known.keys())).toEqual(sorted(members));
  expect(sorted(refused)).toEqual(sorted(unknown));
});

test("who was refused is not asked for again for a day, by no process, unless somebody waits for that one", async () => {
  const unknown = stranger();
  await affiliationsOf([unknown, ...members]);
  const before = await calls("404");
  // Another process shares nothing but the table.
  Refused.reset();

  const { known, refused } = await affiliationsOf([unknown, ...members]);
  const after = await calls("404");
  await affiliationsOf([unknown], { isAnew: true });

  expect([known.size, [...refused]]).toEqual([members.length, [unknown]]);
  expect([after - before, (await calls("404")) - after]).toEqual([0, 1]);
});

test("of many who are refused only so many calls are risked; those that were not reached are not called unknown", async () => {
  const unknown = Array.from({ length: 60 }, stranger);

  const { refused } = await affiliationsOf([...unknown, ...members]);

  expect(await calls("404")).toBeLessThanOrEqual(25);
  expect(refused.size).toBeLessThan(unknown.length);
});

test("while ESI does not answer, that is told, of one as of many", async () => {
  await world.control("faults", { operationId, kind: "status", status: 503 });

  await expect(affiliationsOf(members.slice(0, 1))).rejects.toBeInstanceOf(Esi.EsiError);
  await expect(affiliationsOf(members)).rejects.toBeInstanceOf(Esi.EsiError);
});
