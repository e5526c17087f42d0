import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf } from "../../../test/pilot.ts";
import { scan } from "../../../test/table.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Corporation from "../../owners/corporation/index.ts";

let world: World;

beforeAll(async () => {
  world = await startWorld({
    corporations: [
      { members: 30, assets: 50, journalPerDay: 5 },
      { members: 25, assets: 50, journalPerDay: 5 },
    ],
  });
});
afterAll(() => world?.close());

/** Keys of everything stored under a corporation. */
async function storedOf(corporationId: number): Promise<unknown[]> {
  const items = await scan();
  return items.filter(({ pk }) => String(pk).startsWith(`corporation#${corporationId}`)).map(({ pk, sk }) => [pk, sk]);
}

/** Has a dataset refreshed, and the corporation removed while ESI takes its time for the answer. */
async function removeInMidFetch(corporation: number, dataset: string): Promise<number> {
  const home = (await world.truth()).corporations[corporation];
  const pilot = await corporationOf(home?.ceo.characterId as number);
  const { corporationId } = pilot;
  await world.advance(2 * 3600);
  await world.control("faults", { kind: "latency", latencyMs: 400, corporationId, times: 20 });
  const refreshing = world.refresh(corporationId, dataset);
  await expect.poll(() => storedOf(corporationId).then((keys) => JSON.stringify(keys))).toContain(`dataset#${dataset}`);
  await pilot.as(() => Corporation.remove({ corporationId }));
  await refreshing;
  return corporationId;
}

test.each([
  [0, "members"],
  [1, "wallet-journal"],
])(
  "of a corporation that is removed while it is being fetched nothing stays (%i, %s)",
  async (corporation, dataset) => {
    const corporationId = await removeInMidFetch(corporation, dataset);

    expect(await storedOf(corporationId)).toEqual([]);
  },
);
