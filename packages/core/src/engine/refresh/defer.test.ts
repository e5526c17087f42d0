import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Esi from "../../eve/esi/index.ts";
import * as Shared from "../../eve/esi/shared.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Db from "../../platform/db/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import * as State from "../state/index.ts";
import * as Refresh from "./index.ts";

let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 12, assets: 10, journalPerDay: 1 }] });
  pilot = await corporationOf((await world.truth()).corporations[0]?.ceo.characterId as number);
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await world.control("stats", undefined, "DELETE");
  Esi.reset();
  await world.advance(2 * 3600);
});

const run = (dataset: string, more: Partial<Refresh.Message> = {}) =>
  Actor.provide({ type: "system", name: "test" }, () =>
    Refresh.run({ owner: Owner.corporation(pilot.corporationId), datasets: [dataset], reason: "schedule", ...more }),
  );
const requests = async () => ((await world.control("stats")) as { requests: object }).requests;
const delayed = async (queue: Parameters<typeof Queue.depth>[0]) => (await Queue.depth(queue)).delayed;
const refreshedAt = async (dataset: string) =>
  (await State.find(Owner.corporation(pilot.corporationId), dataset))?.refreshedAt ?? 0;

/** A 420 has come, for routes that count errors. */
const usedUp = (seconds: number) => Shared.put({ name: "errors", until: Date.now() + seconds * 1000 });
/** The circuit of a group of routes is open for all. */
const broken = (seconds: number) =>
  Shared.put({ name: "circuit#corp-member", until: Date.now() + seconds * 1000, pauses: 1 });

test.each([
  ["the error limit is used up", "orders", "orders", () => usedUp(50)],
  ["the circuit of its routes is open", "members", "members", () => broken(200)],
] as const)("while %s a message is put off: nothing is written, nothing is asked", async (_, dataset, queue, pause) => {
  await run(dataset);
  await world.advance(26 * 3600);
  await pause();
  await world.control("stats", undefined, "DELETE");
  const [before, waiting] = [await refreshedAt(dataset), await delayed(queue)];

  const { consumed } = await Db.metered(() => run(dataset));

  expect(consumed.writeUnits).toBe(0);
  expect(await requests()).toEqual({});
  expect(await delayed(queue)).toBe(waiting + 1);
  await world.advance(261);
  await run(dataset);
  expect(await refreshedAt(dataset)).toBeGreaterThan(before);
});
