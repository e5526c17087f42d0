import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf } from "../../../test/pilot.ts";
import { difference, none } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 8, assets: 20 }] });
});
afterAll(() => world?.close());

const reads = async () => {
  const { requests, earlyFetches } = (await world.control("stats")) as {
    requests: Record<string, Record<string, number>>;
    earlyFetches: number;
  };
  const byStatus = Object.values(requests.GetCorporationsCorporationId ?? {});
  return { count: byStatus.reduce((sum, count) => sum + count, 0), earlyFetches };
};

test("what was read to add a corporation is its first version, and is asked for again only once it has expired", async () => {
  const [home] = (await world.truth()).corporations;
  const { corporationId, characterId } = await corporationOf(home?.ceo.characterId as number);
  const subject = { newEden: world.eden.url, corporationId, characterId };
  const afterAdding = await difference("public-info", subject);

  await world.refresh(corporationId, "public-info");
  const withinTheHour = await reads();
  await world.advance(3700);
  await world.refresh(corporationId, "public-info");
  const afterIt = await reads();

  expect([afterAdding, await difference("public-info", subject)]).toEqual([none, none]);
  expect([withinTheHour, afterIt]).toEqual([
    { count: 1, earlyFetches: 0 },
    { count: 2, earlyFetches: 0 },
  ]);
});
