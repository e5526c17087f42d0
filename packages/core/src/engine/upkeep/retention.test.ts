import { afterAll, beforeAll, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import type { Tier } from "../../owner/index.ts";
import * as Owner from "../../owner/index.ts";
import { corporations } from "../../owners/corporation/corporation.entity.ts";
import { get as getDataset } from "../../owners/corporation/datasets/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { delta, head } from "../../snapshot/snapshot.entity.ts";
import { address } from "../collection/index.ts";
import { shapeOf } from "../dataset/index.ts";
import * as State from "../state/index.ts";
import * as Upkeep from "./index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 30, assets: 50, journalPerDay: 5 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
});
afterAll(() => world?.close());

const setTier = (corporationId: number, tier: Tier) => corporations().patch({ corporationId }).set({ tier }).go();

test.each<[Tier, number]>([
  ["P0", 365],
  ["P1", 180],
  ["P2", 90],
  ["P3", 30],
])("what changes in a corporation of tier %s is remembered for %i days", async (tier, days) => {
  const { corporationId } = pilot;
  await setTier(corporationId, tier);
  await world.refresh(corporationId, "members");
  await world.control("members", { corporationId, join: 1 });
  await world.advance(2 * 3600);

  await world.refresh(corporationId, "members");

  const where = address(Owner.corporation(corporationId), getDataset("members"));
  const { data } = await delta().query.history(where).go({ order: "desc", limit: 1 });
  expect(data[0]?.expiresAt).toBeCloseTo(((data[0]?.at ?? 0) + days * 86_400_000) / 1000, -1);
});

test("the daily round takes no lease of a dataset that has nothing to compact: a refresh at that moment goes on", async () => {
  const owner = Owner.corporation(pilot.corporationId);
  await world.refresh(pilot.corporationId, "members");
  const before = await State.list(owner);

  await Actor.provide({ type: "system", name: "cleanup" }, Upkeep.compactAll);

  expect(before.length).toBeGreaterThan(0);
  expect(await State.list(owner)).toEqual(before);
});

test("a corporation raised to a higher tier loses nothing that was written in the lower one", async () => {
  const { corporationId } = pilot;
  const dataset = getDataset("standings");
  const where = address(Owner.corporation(corporationId), dataset);
  const row = (standing: number) => [{ from_id: 1, from_type: "agent", standing }];
  await world.refresh(corporationId, "standings");
  // As the same writer: an earlier one would be refused.
  const { data: written } = await head().get(where).go();
  const commit = (standing: number) =>
    Snapshot.commit(where, shapeOf(dataset), Snapshot.tableOf(shapeOf(dataset), row(standing)), {
      fence: written?.fence ?? 0,
      retentionDays: 30,
    });
  await commit(1);
  await commit(2);
  await setTier(corporationId, "P0");
  await world.advance(16 * 86_400);

  await Actor.provide({ type: "system", name: "cleanup" }, Upkeep.compactAll);

  const { data } = await head().get(where).go();
  expect(data).toMatchObject({ deltaParts: [] });
  Snapshot.clearCache();
  expect((await Snapshot.read(where, shapeOf(dataset))).rows()).toEqual(row(2));
});
