import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import { Datasets } from "../../owners/corporation/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { collectionsOf } from "../collection/index.ts";
import { columnSetOf, shapeOf } from "../dataset/index.ts";
import * as State from "../state/index.ts";
import { states, validators } from "../state/state.entity.ts";

/** One of each way to read a dataset, with a column that an earlier release did not have, and what it is made from. */
const kinds: readonly [dataset: string, column: string, lists?: string[]][] = [
  ["public-info", "home_station_id"],
  ["member-tracking", "ship_type_id"],
  ["assets", "location_flag"],
  ["wallet-journal", "context_id_type"],
  ["wallet-transactions", "journal_ref_id"],
  ["projects", "progress_desired"],
  ["contract-items", "is_included", ["contracts"]],
];

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 20, assets: 120, journalPerDay: 30, historyDays: 5 }] });
  pilot = await corporationOf((await world.truth()).corporations[0]?.ceo.characterId as number);
});
afterAll(() => world?.close());

const refresh = (dataset: string) => world.refresh(pilot.corporationId, dataset);
const stateOf = (dataset: string) => State.find(Owner.corporation(pilot.corporationId), dataset);

/** The stored rows, state and validators as a release without the column has left them. */
async function asStoredWithout(column: string, name: string): Promise<void> {
  const { corporationId } = pilot;
  const dataset = Datasets.get(name);
  const { fence = 0, since } = (await stateOf(name)) ?? {};
  const shape = shapeOf(dataset);
  const older = { ...shape, columns: shape.columns.filter((each) => each !== column) };
  let version = 0;
  for (const collection of collectionsOf(dataset)) {
    const address = { owner: `corporation#${corporationId}`, collection };
    const view = await Snapshot.read(address, shape);
    if (view.length === 0) continue;
    const table = Snapshot.tableOf(older, view.rows());
    ({
      view: { version },
    } = await Snapshot.commit(address, older, table, { fence, since, retentionDays: 30 }));
  }
  Snapshot.clearCache();
  if (dataset.storage === "snapshot")
    await states()
      .patch({ owner: `corporation#${corporationId}`, dataset: name })
      .set({ version })
      .go();
  const isLedger = dataset.storage === "ledger";
  await validators()
    .patch({ owner: `corporation#${corporationId}`, dataset: name })
    .set({ columnSet: "older", ...(isLedger ? {} : { version }) })
    .go();
}

const filled = async (dataset: string, column: string) =>
  (await storedRows(pilot.corporationId, dataset)).filter((row) => row[column] !== undefined).length;

test.each(kinds)(
  "%s: the column %s, which an earlier release did not store, is there after one refresh",
  async (dataset, column, lists = []) => {
    for (const list of lists) await refresh(list);
    await refresh(dataset);
    const before = await filled(dataset, column);
    await asStoredWithout(column, dataset);
    const without = await filled(dataset, column);
    const { nextAt = 0 } = (await stateOf(dataset)) ?? {};
    await world.advance(Math.max(0, nextAt - Date.now()) / 1000 + 1);

    await refresh(dataset);

    expect(before).toBeGreaterThan(0);
    expect(without).toBe(0);
    expect(await filled(dataset, column)).toBeGreaterThanOrEqual(before);
    const { data } = await validators()
      .get({ owner: `corporation#${pilot.corporationId}`, dataset })
      .go();
    expect(data?.columnSet).toBe(columnSetOf(Datasets.get(dataset)));
  },
);
