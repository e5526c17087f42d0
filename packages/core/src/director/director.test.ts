import { randomInt } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { scan } from "../../test/table.ts";
import { rolesOf, scopesOf } from "../engine/dataset/index.ts";
import * as Bucket from "../eve/esi/bucket.ts";
import * as Datasets from "../owners/corporation/datasets/index.ts";
import * as Actor from "../platform/actor/index.ts";
import * as Db from "../platform/db/index.ts";
import * as Director from "./index.ts";

const group = "corp-wallet";
const minuteMs = 60_000;
const error = { code: "esi.forbidden", message: "no role", dataset: "wallets" };
let director: Director.DirectorState;

/** What is kept of a dataset that was refused once. */
const refusal = (at: number): Director.Incident => ({ code: "esi.forbidden", firstAt: at, at, times: 1 });

beforeEach(async () => {
  director = {
    characterId: randomInt(90_000_000, 2_000_000_000),
    ...{ userId: "someone", name: "Ann Example", priority: 0, roles: [], scopes: [], failures: 0, lastUsedAt: 0 },
    incidents: {},
    buckets: [],
  };
  await system(() => Director.link(director.characterId, director));
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

function spend(tokens: number): void {
  Bucket.take(group, director, tokens);
  Bucket.charge(group, director, { held: tokens, cost: tokens });
}

const system = <T>(body: () => Promise<T>) => Actor.provide({ type: "system", name: "test" }, body);

/** Whether a use that worked is written down. */
async function isKept(over: Partial<Director.DirectorState> = {}): Promise<boolean> {
  const { consumed } = await Db.metered(() =>
    system(() => Director.recordSuccess(director.characterId, { ...director, ...over }, "wallets")),
  );
  return consumed.requests > 0;
}

/** Sort keys of everything stored under a corporation. */
const storedOf = async (corporationId: number) =>
  (await scan()).filter(({ pk }) => pk === `corporation#${corporationId}`).map(({ sk }) => sk);

test("budgets that are nearly full are written once in ten minutes", async () => {
  spend(10);

  const first = await isKept();
  later(9 * minuteMs);
  const soon = await isKept();
  later(2 * minuteMs);

  expect([first, soon, await isKept()]).toEqual([true, false, true]);
});

test("budgets that are spent are written once a minute", async () => {
  await isKept();
  spend(100);

  later(minuteMs / 2);
  const atOnce = await isKept();
  later(minuteMs);
  const aMinute = await isKept();
  const again = await isKept();

  expect([atOnce, aMinute, again]).toEqual([false, true, false]);
});

test("a success that heals is written at once", async () => {
  await isKept();

  const known = await isKept();
  const failed = await isKept({ failures: 2 });
  const refused = await isKept({ incidents: { wallets: refusal(Date.now()) } });

  expect([known, failed, refused]).toEqual([false, true, true]);
});

test("a director who was unlinked during a refresh leaves no health row", async () => {
  const corporationId = director.characterId;
  const before = await system(() => Director.recordFailure(corporationId, director, error));
  await system(() => Director.unlink(corporationId, director.characterId));

  await system(() => Director.recordSuccess(corporationId, director, "wallets"));
  const after = await system(() => Director.recordFailure(corporationId, director, error));

  expect([before, after]).toEqual([1, 0]);
  expect(await storedOf(corporationId)).toEqual([]);
});

test("ESI's refusal of a dataset to a director is listed for a quarter of an hour", async () => {
  const corporationId = director.characterId;
  const announced = async () => {
    const [current] = await system(() => Director.load(corporationId));
    return current && Director.refusals(current, Date.now()).map(({ dataset }) => dataset);
  };

  await system(() => Director.recordFailure(corporationId, director, error));
  const atOnce = await announced();
  later(14 * minuteMs);
  const soon = await announced();
  later(2 * minuteMs);

  expect([atOnce, soon, await announced()]).toEqual([["wallets"], ["wallets"], []]);
});

test("an incident keeps how often a dataset was refused, and when it worked again", async () => {
  const corporationId = director.characterId;
  const current = async () => (await system(() => Director.load(corporationId)))[0] ?? director;
  const fail = async (dataset: string) => {
    const state = await current();
    await system(() => Director.recordFailure(corporationId, state, { ...error, dataset }));
  };

  await fail("wallets");
  later(minuteMs);
  await fail("wallets");
  const refused = (await current()).incidents.wallets;
  await system(async () => Director.recordSuccess(corporationId, await current(), "wallets"));
  const healed = (await current()).incidents.wallets;
  await fail("wallets");

  expect(refused).toMatchObject({ code: "esi.forbidden", times: 2 });
  expect((refused?.at ?? 0) - (refused?.firstAt ?? 0)).toBeGreaterThanOrEqual(minuteMs);
  expect(healed).toEqual({ ...refused, healedAt: expect.any(Number) });
  expect((await current()).incidents.wallets).toMatchObject({ times: 1 });
  expect((await current()).incidents.wallets).not.toHaveProperty("healedAt");
});

test("a refusal and a success at the same moment are both kept", async () => {
  const corporationId = director.characterId;
  const names = Array.from({ length: 12 }, (_, index) => `dataset-${index}`);
  const current = async () => (await system(() => Director.load(corporationId)))[0] ?? director;
  const fail = (dataset: string) => Director.recordFailure(corporationId, director, { ...error, dataset });

  const counts = await system(() => Promise.all(names.map(fail)));
  const refused = await current();
  await system(() => Promise.all(names.slice(6).map((name) => Director.recordSuccess(corporationId, refused, name))));
  const after = await current();

  expect(counts.sort((a, b) => a - b)).toEqual(names.map((_, index) => index + 1));
  expect(Object.keys(refused.incidents).sort()).toEqual([...names].sort());
  const open = Director.refusals(after, Date.now()).map(({ dataset }) => dataset);
  expect(open.sort()).toEqual(names.slice(0, 6).sort());
});

test("the reason of a blocked dataset names the refused director, even if another dataset has worked since", async () => {
  const orders = Datasets.get("orders");
  const [role = ""] = rolesOf(orders);
  const held = { ...director, roles: [role], scopes: scopesOf(orders) };
  const refused = { ...held, incidents: { orders: refusal(Date.now()) } };

  const { message } = Director.whyBlocked(orders, [refused]);

  expect(message).toBe(`Every director who could fetch this was refused, ${director.name} most recently.`);
  expect(Director.whyBlocked(orders, [held]).message).toContain("several times in a row");
});

test("a success removes the last error, and a director who is linked again starts without failures", async () => {
  const corporationId = director.characterId;
  const current = async () => (await system(() => Director.load(corporationId)))[0];

  await system(() => Director.recordFailure(corporationId, director, error));
  const failed = await current();
  await system(() => Director.recordSuccess(corporationId, failed ?? director, "wallets"));
  const healed = await current();
  await system(() => Director.recordFailure(corporationId, director, error));
  await system(() => Director.link(corporationId, director));

  expect(failed).toMatchObject({ failures: 1, error: { code: "esi.forbidden" } });
  expect(healed).toMatchObject({ failures: 0, incidents: { wallets: { healedAt: expect.any(Number) } } });
  expect(healed).not.toHaveProperty("error");
  expect(await current()).toMatchObject({ failures: 0, incidents: {} });
  expect((await current())?.incidents).toEqual({});
});

test("directors who take turns follow the last one by id, whatever their budgets, without those who cannot fetch", () => {
  const dataset = Datasets.get("project-contribution");
  const [first, second, third] = [1, 2, 3].map((place) => ({
    ...director,
    characterId: director.characterId + place,
    scopes: scopesOf(dataset),
    priority: 3 - place,
    lastUsedAt: place,
  })) as [Director.DirectorState, Director.DirectorState, Director.DirectorState];
  const failed = { ...second, failures: 3, error: { ...error, at: Date.now() } };
  const inTurn = (last: number | undefined, ...all: Director.DirectorState[]) =>
    Director.candidates(dataset, all, { now: Date.now(), last }).map(({ characterId }) => characterId);
  const [one, two, three] = [first, second, third].map(({ characterId }) => characterId);

  expect(inTurn(undefined, third, first, second)).toEqual([one, two, three]);
  expect(inTurn(one, third, first, second)).toEqual([two, three, one]);
  expect(inTurn(three, third, first, second)).toEqual([one, two, three]);
  expect(inTurn(one, third, first, failed)).toEqual([three, one]);
});
