import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none, storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Freshness from "../freshness/index.ts";

const dataset = "projects";

let world: World;
let corporations: Awaited<ReturnType<World["truth"]>>["corporations"];
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  const corporation = { members: 60, assets: 10, journalPerDay: 1 };
  world = await startWorld({ corporations: [corporation, corporation, corporation] });
  ({ corporations } = await world.truth());
});
afterAll(() => world?.close());
beforeEach(async () => {
  pilot = await corporationOf(corporations.pop()?.ceo.characterId as number);
});

const refresh = () => world.refresh(pilot.corporationId, dataset);
const stored = () => storedRows(pilot.corporationId, dataset);
const wrong = () => difference(dataset, { ...pilot, newEden: world.eden.url });
const failLater = () =>
  world.control("faults", {
    operationId: "GetCorporationsProjectsListing",
    kind: "status",
    status: 500,
    onlyLater: true,
  });
const mend = () => world.control("faults", undefined, "DELETE");

async function freshness(): Promise<Freshness.Freshness> {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
  return board.find((each) => each.dataset === dataset) as Freshness.Freshness;
}

test("the first reading of a feed is whole or nothing: what is old is not told as new when it comes", async () => {
  await failLater();
  await refresh();
  const [failed, rows] = [await freshness(), await stored()];
  await mend();
  await world.advance(2 * 3600);

  await refresh();

  expect(failed).toMatchObject({ status: "failed", lastError: { code: "esi.server" } });
  expect(rows).toEqual([]);
  expect(await wrong()).toEqual(none);
});

test("what a later reading has read before it was cut short is stored, what is missing is told, and nothing goes", async () => {
  await refresh();
  const before = await stored();
  // Every day the whole feed is read again.
  await world.advance(30 * 3600);
  await failLater();
  await refresh();
  const [failed, during] = [await freshness(), await stored()];
  await mend();
  await world.advance(2 * 3600);

  await refresh();

  expect(failed).toMatchObject({
    status: "failed",
    lastError: { code: "esi.server" },
    missing: { count: 1, why: expect.stringMatching(/^Some entries could not be read yet\. ESI answers/) },
  });
  const idsOf = (rows: typeof before) => rows.map(({ id }) => id);
  expect(idsOf(during)).toEqual(expect.arrayContaining(idsOf(before)));
  expect(during).not.toEqual(before);
  const mended = await freshness();
  expect(mended).toMatchObject({ status: "fresh" });
  expect(mended.missing).toBeUndefined();
  expect(await wrong()).toEqual(none);
});

test("news of a feed that fail at the first step leave everything as it was, and come later", async () => {
  await refresh();
  const before = await stored();
  await world.advance(12 * 3600);
  await failLater();
  await refresh();
  const during = await stored();
  await mend();
  await world.advance(2 * 3600);

  await refresh();

  expect(during).toEqual(before);
  expect(await wrong()).toEqual(none);
});
