import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../test/pilot.ts";
import { startWorld, type World } from "../../test/world.ts";
import * as Corporation from "../corporation/index.ts";
import * as Rows from "../rows/index.ts";
import * as Snapshot from "../snapshot/index.ts";
import * as Refresh from "./index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 40, assets: 2_500, journalPerDay: 30 }] });
  const truth = await world.truth();
  pilot = await corporationOf(truth.corporations[0]?.ceo.characterId as number);
});
afterAll(() => world?.close());

beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  // Past every expiry and back-off, so that each test begins with everything due.
  await world.advance(2 * 3600);
});

const freshness = async (dataset: string): Promise<Refresh.Freshness> => {
  const board = await pilot.as(() => Refresh.board({ corporationId: pilot.corporationId }));
  return board.find((each) => each.dataset === dataset) as Refresh.Freshness;
};

const stored = async (dataset: string): Promise<Record<string, unknown>[]> => {
  const rows: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const page = await pilot.as(() =>
      Rows.list({ corporationId: pilot.corporationId, dataset, limit: 500, from: "2000-01-01", ...(cursor ? { cursor } : {}) }),
    );
    rows.push(...page.rows);
    cursor = page.meta.nextCursor;
  } while (cursor);
  return rows;
};

const refresh = (dataset: string) => world.refresh(pilot.corporationId, dataset);

for (const dataset of Corporation.Datasets.datasets) {
  test(`${dataset.name} arrives, then an unchanged refresh costs at most 3 write units`, async () => {
    for (const other of dataset.after ?? []) await refresh(other);
    await refresh(dataset.name);

    expect(await freshness(dataset.name)).toMatchObject({ status: "fresh", version: expect.any(Number) });
  });
}

test("assets equal New Eden's truth", async () => {
  await refresh("assets");

  const rows = await stored("assets");
  const truth = await world.rows(pilot.corporationId, "assets");
  const essence = (row: Record<string, unknown>) => [row.item_id, row.type_id, row.quantity, row.location_id, row.location_flag];
  const byId = (a: unknown[], b: unknown[]) => (a[0] as number) - (b[0] as number);
  expect(rows.map(essence).sort(byId)).toEqual(truth.map(essence).sort(byId));
  Snapshot.clearCache();
});
