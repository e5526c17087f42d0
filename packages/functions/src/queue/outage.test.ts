import * as Schedule from "@tapi/core/engine/schedule";
import * as Owner from "@tapi/core/owner";
import { Datasets } from "@tapi/core/owners/corporation";
import { afterAll, beforeAll, expect, test } from "vitest";
import { find } from "../../../core/src/engine/state/index.ts";
import { states } from "../../../core/src/engine/state/state.entity.ts";
import * as Esi from "../../../core/src/eve/esi/index.ts";
import * as Shared from "../../../core/src/eve/esi/shared.ts";
import * as Actor from "../../../core/src/platform/actor/index.ts";
import { corporationOf } from "../../../core/test/pilot.ts";
import { drain } from "../../../core/test/queues.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { handler } from "./refresh.ts";

const minute = 60;
const dataset = "members";
const operationId = "GetCorporationsCorporationIdMembers";
const { queue } = Datasets.get(dataset);

let world: World;
let ids: number[];

beforeAll(async () => {
  const small = { members: 10, assets: 2, journalPerDay: 1, historyDays: 1 };
  world = await startWorld({ corporations: Array.from({ length: 11 }, () => small), startsAt: "2026-06-03T12:30:00Z" });
  const { corporations } = await world.truth();
  ids = [];
  for (const { ceo } of corporations) ids.push((await corporationOf(ceo.characterId)).corporationId);
  // Only one dataset of each is ever due: it is all about who is let through.
  const others = Datasets.datasets.filter(({ name }) => name !== dataset);
  const now = Date.now();
  const kept = { version: 1, rows: 0, refreshedAt: now, staleAt: now + 1e9, nextAt: now + 1e9 };
  await states()
    .put(
      ids.flatMap((corporationId) =>
        others.map(({ name }) => ({ owner: `corporation#${corporationId}`, dataset: name, ...kept })),
      ),
    )
    .go();
  await drain(queue, handler);
});
afterAll(() => world?.close());

/** Minutes as the cloud lives them: a round of the scheduler, then the queue's workers. */
async function live(minutes: number, step = 1): Promise<void> {
  for (let passed = 0; passed < minutes; passed += step) {
    await world.advance(step * minute);
    await Actor.provide({ type: "system", name: "test" }, Schedule.tick);
    await drain(queue, handler);
  }
}

const refreshedSince = async (moment: number): Promise<number[]> => {
  const all = await Promise.all(ids.map((corporationId) => find(Owner.corporation(corporationId), dataset)));
  return ids.filter((_, index) => (all[index]?.refreshedAt ?? 0) >= moment);
};

const requests = async (): Promise<number> => {
  const { requests: all } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return Object.values(all[operationId] ?? {}).reduce((sum, count) => sum + count, 0);
};

test("after an hour without ESI ten corporations are well within ten minutes, whatever one does whose every call fails", async () => {
  const [broken = 0, ...healthy] = ids;
  const first = await refreshedSince(0);
  await world.control("faults", { kind: "status", status: 500, operationId, corporationId: broken });
  await live(55, 55);
  const outage = (await world.control("faults", { kind: "status", status: 503 })) as { id: string };
  await world.control("stats", undefined, "DELETE");

  await live(60, 10);
  const during = await requests();
  const isPaused = Shared.find("circuit#corp-member") !== undefined;
  await world.control(`faults/${outage.id}`, undefined, "DELETE");
  const wellAt = Date.now();
  // Five until the next probe, one more if the broken one is it, and rounds of a minute until all have had theirs.
  await live(10);

  expect(first).toEqual(ids);
  expect(isPaused).toBe(true);
  expect(during).toBeLessThan(100);
  expect(await refreshedSince(wellAt)).toEqual(healthy);
  Esi.reset();
});
