import { afterAll, beforeAll, expect, test } from "vitest";
import { startOwnStack } from "../../../test/dead-letter.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import { View } from "../../snapshot/index.ts";
import type { FetchContext, Validator } from "./index.ts";
import { shared } from "./shared.ts";

let stack: Awaited<ReturnType<typeof startOwnStack>>;
let world: World;

beforeAll(async () => {
  stack = await startOwnStack();
  world = await startWorld({ corporations: [{ members: 3, assets: 3, journalPerDay: 1 }] });
});
afterAll(async () => {
  await world?.close();
  await stack?.close();
});

const operation = "GetCorporationsNpccorps";
const fetch = shared(operation, (ids: number[]) => ids.map((id) => ({ id })));

const contextOf = (corporationId: number, validator?: Validator): FetchContext => ({
  owner: Owner.corporation(corporationId),
  interactive: false,
  validators: validator ? { "": validator } : {},
  previous: async () => View.empty({ columns: ["id"], key: ["id"] }),
  view: () => Promise.reject(new Error("no other dataset")),
  ids: async () => new Set<number>(),
  progress: () => {},
  accepts: () => true,
});

const statuses = async () =>
  ((await world.control("stats")) as { requests: Record<string, Record<string, number>> }).requests[operation];

test("many corporations at once cost one call, and each has its copy", async () => {
  const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => fetch(contextOf(98_000_001 + index))));
  const late = await fetch(contextOf(98_000_099));

  const truth = await world.rows(98_000_001, operation);
  expect(await statuses()).toEqual({ 200: 1 });
  expect(late.parts[0]?.rows).toEqual(truth.map((id) => ({ id })));
  // Whoever came while it was asked for comes again in a minute.
  const waiting = answers.filter(({ parts }) => !parts[0]?.rows);
  expect(waiting.every(({ staleAt }) => staleAt <= Date.now() + 60_000)).toBe(true);
  expect(await world.control("stats")).toMatchObject({ earlyFetches: 0 });
});

test("a corporation that has the copy is told that nothing is new, and the day after ESI is asked by entity tag", async () => {
  const { parts } = await fetch(contextOf(98_000_001));
  await world.advance(25 * 3600);

  const again = await fetch(contextOf(98_000_001, parts[0]?.validator));

  expect(again.parts[0]?.rows).toBeUndefined();
  expect(again.staleAt).toBeGreaterThan(Date.now());
  expect(await statuses()).toEqual({ 200: 1, 304: 1 });
});
