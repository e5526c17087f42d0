import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startOwnStack } from "../../../test/dead-letter.ts";
import { corporationOf, type Pilot } from "../../../test/pilot.ts";
import { difference, none, storedRows } from "../../../test/truth.ts";
import { startWorld, type World } from "../../../test/world.ts";
import * as Owner from "../../owner/index.ts";
import * as Corporation from "../../owners/corporation/index.ts";
import * as Freshness from "../freshness/index.ts";
import * as Refresh from "../refresh/index.ts";

const { get } = Corporation.Datasets;

/** Several refreshes and hours of New Eden's life each: on a busy machine that takes a while. */
vi.setConfig({ testTimeout: 60_000 });

let stack: Awaited<ReturnType<typeof startOwnStack>>;
let world: World;
let pilot: Pilot & { corporationId: number };
let second: Pilot;
let corporationId: number;

beforeAll(async () => {
  stack = await startOwnStack();
  world = await startWorld({ corporations: [{ members: 130, assets: 20, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  const other = home?.directors.find(({ characterId }) => characterId !== pilot.characterId);
  second = await corporationOf(other?.characterId as number);
  corporationId = pilot.corporationId;
});
afterAll(async () => {
  await world?.close();
  await stack?.close();
});
beforeEach(async () => {
  await world.control("faults", undefined, "DELETE");
  await world.advance(2 * 3600);
});

const fault = (fault: object) => world.control("faults", fault);
const refresh = (name: string) => world.refresh(corporationId, name);
const subject = () => ({ ...pilot, newEden: world.eden.url });
const ids = async (name: string, column: string) =>
  new Set((await storedRows(corporationId, name)).map((row) => row[column]));

const freshness = async (name: string) => {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(corporationId) }));
  return board.find(({ dataset }) => dataset === name) as Freshness.Freshness;
};

/** Calls of an operation that were answered since the count was last taken. */
async function callsDuring(operationId: string, body: () => Promise<unknown>): Promise<number> {
  await world.control("stats", undefined, "DELETE");
  await body();
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return Object.values(requests[operationId] ?? {}).reduce((sum, count) => sum + count, 0);
}

/** Refreshes what it is made from and itself until nothing is left over. */
async function bring(name: string): Promise<void> {
  for (const other of get(name).after ?? []) await refresh(other);
  for (let round = 0; round < 12; round += 1) {
    await refresh(name);
    if (Date.parse((await freshness(name)).nextAt ?? "") - Date.now() > 61_000) return;
    await world.advance(61);
  }
}

const operation = {
  items: "GetCorporationsCorporationIdContractsContractIdItems",
  killmail: "GetKillmailsKillmailIdKillmailHash",
  starbase: "GetCorporationsCorporationIdStarbasesStarbaseId",
  projects: "GetCorporationsProjectsListing",
  contributors: "GetCorporationsProjectsContributors",
  npc: "GetCorporationsNpccorps",
};

test("a long list is fetched over several refreshes, a hundred details each, and none is asked for twice", async () => {
  await refresh("recent-killmails");
  const total = (await ids("recent-killmails", "killmail_id")).size;

  const first = await callsDuring(operation.killmail, () => refresh("killmails"));
  const all = first + (await callsDuring(operation.killmail, () => bring("killmails")));

  expect(first).toBe(100);
  expect(total).toBeGreaterThan(100);
  expect(all).toBe((await ids("killmails", "killmail_id")).size);
  expect(await difference("killmails", subject())).toEqual(none);
});

test("of what never changes only the new is asked for", async () => {
  await bring("contract-items");
  const known = await ids("contract-items", "contract_id");
  await world.advance(12 * 3600);

  const calls = await callsDuring(operation.items, () => bring("contract-items"));

  const fresh = [...(await ids("contract-items", "contract_id"))].filter((id) => !known.has(id));
  expect(calls).toBe(fresh.length);
  expect(calls).toBeGreaterThan(0);
});

test("while its list stays as it is a detail is not asked for, and is as fresh as the list", async () => {
  await bring("contract-items");
  const before = await freshness("contract-items");
  // Past the list's expiry and before its next refresh nothing is known to be new: refresh-now asks for the list.
  await world.advance(400);
  const expired = await freshness("contract-items");

  const calls = await callsDuring(operation.items, () => refresh("contract-items"));
  const asked = await pilot.as(() =>
    Refresh.request({ owner: Owner.corporation(corporationId), dataset: "contract-items" }),
  );

  expect(calls).toBe(0);
  expect(before).toMatchObject({ status: "fresh", expiresAt: (await freshness("contracts")).expiresAt });
  expect(Date.parse(expired.expiresAt ?? "")).toBeLessThan(Date.now());
  expect(asked).toEqual({ status: "queued" });
});

test("a detail follows its list as soon as that has changed, long before anything of its own expires", async () => {
  await bring("contract-items");
  const version = async () => (await freshness("contracts")).version;
  const before = await version();
  while ((await version()) === before) {
    await world.advance(3600);
    await refresh("contracts");
  }
  const behind = await freshness("contract-items");

  await refresh("contract-items");

  const after = await freshness("contract-items");
  expect(Date.parse(behind.expiresAt ?? "")).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(after.refreshedAt ?? "")).toBeGreaterThan(Date.parse(behind.refreshedAt ?? ""));
  expect(after.status).toBe("fresh");
  expect(await difference("contract-items", subject())).toEqual(none);
});

test("an item that has left the list takes its rows along", async () => {
  await bring("contract-items");
  const before = await ids("contract-items", "contract_id");
  await world.advance(20 * 86_400);

  await bring("contracts");
  await bring("contract-items");

  const after = await ids("contract-items", "contract_id");
  const listed = await ids("contracts", "contract_id");
  expect([...before].some((id) => !after.has(id))).toBe(true);
  expect([...after].filter((id) => !listed.has(id))).toEqual([]);
});

for (const status of [403, 404, 500]) {
  test(`${status} on one item: the others arrive, it keeps the rows it has, and the director is not blamed`, async () => {
    await bring("starbase-details");
    const before = await storedRows(corporationId, "starbase-details");
    const [struck, other] = before;
    await world.advance(2 * 3600);
    await fault({ pathRegex: `/starbases/${struck?.starbase_id}$`, kind: "status", status });
    await refresh("starbases");

    await refresh("starbase-details");

    const after = await storedRows(corporationId, "starbase-details");
    const of = (id: unknown) => after.find(({ starbase_id }) => starbase_id === id);
    expect(of(struck?.starbase_id)).toEqual(struck);
    expect(of(other?.starbase_id)).not.toEqual(other);
    expect(await freshness("starbase-details")).toMatchObject({ status: "fresh", fetcher: expect.anything() });
    const directors = await pilot.as(() => Corporation.listDirectors({ corporationId }));
    expect(directors.map(({ consecutiveFailures }) => consecutiveFailures)).toEqual([0, 0]);
  });
}

test("an item that was refused is asked for again, and mends itself", async () => {
  await bring("starbase-details");
  const [struck] = await storedRows(corporationId, "starbase-details");
  await world.advance(2 * 3600);
  await fault({ pathRegex: `/starbases/${struck?.starbase_id}$`, kind: "status", status: 403 });
  await bring("starbase-details");
  await world.control("faults", undefined, "DELETE");
  await world.advance(2 * 3600);

  await bring("starbase-details");

  expect(await difference("starbase-details", subject())).toEqual(none);
});

test("403 on every item is the director's: the next director fetches", async () => {
  await bring("starbase-details");
  await world.advance(2 * 3600);
  await fault({ operationId: operation.starbase, kind: "status", status: 403, characterId: pilot.characterId });
  await refresh("starbases");

  await refresh("starbase-details");
  await world.advance(2 * 3600);
  await refresh("starbase-details");

  expect(await freshness("starbase-details")).toMatchObject({ fetcher: { characterId: second.characterId } });
  expect(await difference("starbase-details", subject())).toEqual(none);
});

test("where each director sees their own they take turns, until the shares of all are known", async () => {
  await refresh("projects");
  const knownOf = () => ids("project-contribution", "character_id");
  const last = async () => (await freshness("project-contribution")).fetcher?.characterId;

  await refresh("project-contribution");
  const [first, onceKnown] = [await last(), await knownOf()];
  await world.advance(601);
  await refresh("project-contribution");
  const [next, twiceKnown] = [await last(), await knownOf()];

  expect(onceKnown).toEqual(new Set([first]));
  expect(twiceKnown).toEqual(new Set([pilot.characterId, second.characterId]));
  expect(next).not.toBe(first);
});

test("a feed is read on from where it was, and its newer records replace the older", async () => {
  await refresh("projects");
  await world.advance(12 * 3600);

  const calls = await callsDuring(operation.projects, () => refresh("projects"));

  // What is new fits on one page; the empty one behind it ends the walk.
  expect(calls).toBeLessThanOrEqual(2);
  expect(await difference("projects", subject())).toEqual(none);
});

test("a feed that runs in circles fails, and what is stored stays", async () => {
  await refresh("projects");
  const before = await storedRows(corporationId, "projects");
  await world.advance(30 * 3600);
  await fault({ operationId: operation.projects, kind: "cursor_loop" });

  await refresh("projects");

  expect(await freshness("projects")).toMatchObject({ status: "failed", lastError: { code: "esi.torn" } });
  expect(await storedRows(corporationId, "projects")).toEqual(before);
});

test("a place in a feed that ESI no longer knows: everything is read anew", async () => {
  await refresh("projects");
  await world.advance(2 * 3600);
  await fault({ operationId: operation.projects, kind: "status", status: 400, times: 1 });

  await refresh("projects");

  expect(await freshness("projects")).toMatchObject({ status: "fresh" });
  expect(await difference("projects", subject())).toEqual(none);
});

const losers = [
  ["a feed", "project-contributors", operation.contributors, 12 * 3600],
  ["what never changes", "contract-items", operation.items, 26 * 3600],
] as const;

test.each(losers.flatMap((loser) => [1, 2, 4].map((losses) => [...loser, losses] as const)))(
  "%s that lost its rows on the way is read again, although its list stays as it is (%s, after %i s, %i times)",
  async (_, dataset, operationId, seconds, losses) => {
    await bring(dataset);
    await world.advance(seconds);
    for (const other of get(dataset).after ?? []) await refresh(other);

    await fault({ kind: "empty", operationId });
    for (let answer = 1; answer <= losses; answer += 1) {
      if (answer > 1) await world.advance(3_700);
      await refresh(dataset);
    }
    const lost = await difference(dataset, subject());
    await world.control("faults", undefined, "DELETE");
    // Twice as long as before the last answer, once three have been empty.
    await world.advance(7_400);
    await bring(dataset);

    expect(lost.missing.length).toBeGreaterThan(0);
    expect(await difference(dataset, subject())).toEqual(none);
  },
);
