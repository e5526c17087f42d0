import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none, type Row, storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 50, journalPerDay: 10, historyDays: 10 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
});
afterAll(() => world?.close());

const differenceOf = (dataset: string) => difference(dataset, { newEden: world.eden.url, ...pilot });
const earlyFetches = async () => ((await world.control("stats")) as { earlyFetches: number }).earlyFetches;

/** A list, pages, and details that are asked for only once in a month. */
const cases: Record<string, { after?: string; names?: string; againSeconds: number; isNamed: (row: Row) => boolean }> =
  {
    members: { againSeconds: 3_700, isNamed: ({ name }) => name !== undefined },
    contacts: { againSeconds: 3_700, isNamed: ({ name }) => name !== undefined },
    skyhooks: {
      names: "GetUniversePlanetsPlanetId",
      againSeconds: 3_700,
      isNamed: ({ planet }) => / [IVX]+$/.test(String(planet)),
    },
    "mining-extractions": {
      names: "GetUniverseMoonsMoonId",
      againSeconds: 3_700,
      isNamed: ({ moon }) => / - Moon 1$/.test(String(moon)),
    },
    killmails: {
      after: "recent-killmails",
      againSeconds: 400,
      isNamed: ({ victim_name, victim_corporation_name }) => (victim_name ?? victim_corporation_name) !== undefined,
    },
  };

for (const [dataset, { after, names = "PostUniverseNames", againSeconds, isNamed }] of Object.entries(cases)) {
  test(`${dataset}: names that ESI does not give cost no row, and come with the next answer`, async () => {
    const namesOf = async () => (await storedRows(pilot.corporationId, dataset)).map(isNamed);
    if (after) await world.refresh(pilot.corporationId, after);
    await world.control("faults", { kind: "status", status: 500, operationId: names });
    await world.refresh(pilot.corporationId, dataset);
    const [rows, unnamed] = [await differenceOf(dataset), await namesOf()];

    await world.control("faults", undefined, "DELETE");
    await world.advance(againSeconds);
    await world.refresh(pilot.corporationId, dataset);

    expect(rows).toEqual(none);
    expect(unnamed.length).toBeGreaterThan(0);
    expect(unnamed).not.toContain(true);
    expect(await namesOf()).not.toContain(false);
    expect(await earlyFetches()).toBe(0);
  });
}
