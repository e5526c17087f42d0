import { randomInt } from "node:crypto";
import { expect, test, vi } from "vitest";
import * as Db from "../../platform/db/index.ts";
import * as Esi from "./index.ts";
import { caught, type Received, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const serve = setUpScriptedEsi();

type Client = typeof Esi;

const minuteMs = 60_000;
const broken = 98_000_666;
const healthy = Array.from({ length: 10 }, (_, index) => 98_000_001 + index);
const everybody = [broken, ...healthy];

const ask = (corporationId: number, client: Client = Esi) =>
  client.request("GetCorporationsCorporationIdMembers", {
    path: { corporation_id: corporationId },
    accessToken: "eyJhbGciOi.c2VjcmV0.c2ln",
    characterId: randomInt(2_100_000_000, 2_110_000_000),
  });
const ownerOf = ({ path }: Received) => Number(/\d+/.exec(path)?.[0]);

/** Another process: modules, memory and connections of its own, the same table. */
async function otherProcess(): Promise<Client> {
  vi.resetModules();
  return import("./index.ts");
}

const at = (time: number) => vi.useFakeTimers({ toFake: ["Date"], now: time });

test("an owner's own failures shut the group for that owner alone, however many there are", async () => {
  const esi = await serve((request) => (ownerOf(request) === broken ? { status: 500 } : { body: [1] }));
  await Promise.all(Array.from({ length: 15 }, () => caught(ask(broken))));
  const sent = esi.received.length;

  const refused = await caught(ask(broken));
  const answer = await ask(healthy[0] as number);

  expect(refused).toMatchObject({ kind: "server", why: "pauses after repeated failures" });
  expect(answer.data).toEqual([1]);
  expect(esi.received).toHaveLength(sent + 1);
});

test("an owner's calls that wait for one that finds out are ordinary ones once it was answered, tried again if need be", async () => {
  let isBroken = true;
  let answered = 0;
  const esi = await serve(() => {
    if (!isBroken) answered += 1;
    return isBroken || answered === 2 ? { status: 500 } : { body: [1] };
  });
  await Promise.all(Array.from({ length: 15 }, () => caught(ask(broken))));
  const { retryAt = 0 } = await caught(ask(broken));
  const sent = esi.received.length;
  isBroken = false;
  at(retryAt + 1);

  const answers = await Promise.allSettled(Array.from({ length: 6 }, () => ask(broken)));

  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill("fulfilled"));
  expect(esi.received).toHaveLength(sent + 7);
});

test("two owners whose every call fails keep nobody else out", async () => {
  const failing = [broken, broken + 1];
  await serve((request) => (failing.includes(ownerOf(request)) ? { status: 500 } : { body: [1] }));
  await Promise.all(failing.flatMap((owner) => Array.from({ length: 15 }, () => caught(ask(owner)))));

  const answer = await ask(healthy[0] as number);

  expect(answer.data).toEqual([1]);
});

/** Lets everybody ask whenever they are due, from now until all but the broken one have been answered. */
async function live(esi: { received: Received[] }, clients: readonly Client[], isAway: () => boolean) {
  const dueAt = new Map<number, number>(everybody.map((owner) => [owner, 0]));
  const answeredAt = new Map<number, number>();
  const probes: number[][] = [];
  const begun = Date.now();
  for (let time = begun; answeredAt.size < healthy.length && time < begun + 150 * minuteMs; time += 10_000) {
    at(time);
    const before = esi.received.length;
    for (const [index, owner] of everybody.entries()) {
      if ((dueAt.get(owner) as number) > time || answeredAt.has(owner)) continue;
      try {
        await ask(owner, clients[index % clients.length]);
        answeredAt.set(owner, time);
      } catch (error) {
        dueAt.set(owner, (error as Esi.EsiError).retryAt ?? time + minuteMs);
      }
    }
    const asked = esi.received.slice(before).map(ownerOf);
    if (isAway() && asked.length > 0) probes.push(asked);
  }
  return { answeredAt, probes };
}

test("whoever's turn it is when ESI is back, a broken one's too, somebody is answered within five and a half minutes and all at once", async () => {
  const waits: number[] = [];
  for (const minutes of [30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60]) {
    Esi.reset();
    const backAt = Date.now() + minutes * minuteMs;
    const isAway = () => Date.now() < backAt;
    const esi = await serve((request) =>
      isAway() || ownerOf(request) === broken ? { status: 500 } : { body: [ownerOf(request)] },
    );
    await caught(ask(broken));
    const { answeredAt } = await live(esi, [Esi], isAway);
    waits.push(Math.min(...answeredAt.values()) - backAt);
    expect(Math.max(...answeredAt.values()) - Math.min(...answeredAt.values())).toBeLessThanOrEqual(10_000);
  }
  expect(waits.filter((wait) => wait > 5.5 * minuteMs)).toEqual([]);
});

for (const processes of [1, 2]) {
  test(`an outage of an hour, one of eleven broken for good: one probe at a time, of another owner each time, then everybody at once (${processes} processes)`, async () => {
    const backAt = Date.now() + 60 * minuteMs;
    const isAway = () => Date.now() < backAt;
    const esi = await serve((request) =>
      isAway() || ownerOf(request) === broken ? { status: 500 } : { body: [ownerOf(request)] },
    );
    // The first process forgets what an earlier test has stored.
    await caught(ask(broken));
    const clients = processes === 1 ? [Esi] : [Esi, await otherProcess()];
    const { answeredAt, probes } = await live(esi, clients, isAway);

    // The first rounds are those in which it is found out that everybody is concerned.
    const settled = probes.slice(probes.findLastIndex((asked) => asked.length > 1) + 1).flat();
    expect(settled.length).toBeGreaterThan(9);
    expect(settled.length).toBeLessThan(25);
    expect(settled.filter((owner, index) => owner === settled[index + 1])).toEqual([]);
    expect([...answeredAt.keys()].sort()).toEqual(healthy);
    const moments = [...answeredAt.values()].sort();
    expect((moments[0] as number) - backAt).toBeLessThanOrEqual(5 * minuteMs + 10_000);
    expect((moments.at(-1) as number) - (moments[0] as number)).toBeLessThanOrEqual(processes * 10_000);
  });
}

test("what one process learns of the error limit the others keep, and ask nothing", async () => {
  const headers = { "x-esi-error-limit-remain": "0", "x-esi-error-limit-reset": "42" };
  const esi = await serve(() => ({ status: 420, headers }));
  const first = await caught(Esi.request("GetMarketsPrices", {}));
  const other = await otherProcess();

  const refused = await caught(other.request("GetAlliances", {}));
  const later = await caught(other.request("GetMarketsPrices", { interactive: true }));

  expect([refused, later]).toMatchObject([
    { kind: "error_limited", retryAt: first.retryAt },
    { kind: "error_limited", retryAt: first.retryAt },
  ]);
  expect(esi.received).toHaveLength(1);
});

test("of many calls that are told of the error limit one is written down, and it is over when it says", async () => {
  const start = Date.now();
  let isShut = true;
  const headers = { "x-esi-error-limit-remain": "0", "x-esi-error-limit-reset": "30" };
  const esi = await serve(() => (isShut ? { status: 420, headers } : { body: [] }));
  const { consumed } = await Db.metered(async () => {
    await Promise.all([1, 2, 3, 4].map((id) => caught(Esi.request("GetMarketsPrices", { query: { id } as never }))));
  });
  const other = await otherProcess();
  isShut = false;
  at(start + 32_000);
  await other.request("GetAlliances", {});

  expect(consumed.writeUnits).toBeLessThanOrEqual(1);
  expect(esi.received).toHaveLength(5);
});

test("looking at what others have learned costs a unit a minute, and one in five seconds while something is wrong", async () => {
  const start = Date.now();
  let status = 200;
  await serve(() => ({ status, body: [1] }));
  const tenMinutes = async (from: number) => {
    const { consumed } = await Db.metered(async () => {
      for (let time = from; time < from + 10 * minuteMs; time += 1_000) {
        at(time);
        await ask(broken).catch(() => {});
      }
    });
    return consumed;
  };

  const calm = await tenMinutes(start);
  status = 500;
  const troubled = await tenMinutes(start + 20 * minuteMs);

  expect(calm.writeUnits).toBe(0);
  // DynamoDB Local bills nothing for an answer without rows.
  expect(calm.requests).toBeGreaterThan(0);
  expect(calm.readUnits).toBeLessThanOrEqual(11);
  expect(troubled.readUnits).toBeLessThanOrEqual(121);
  expect(troubled.writeUnits).toBe(0);
});

test("a table that does not answer stops no call", async () => {
  const esi = await serve(() => ({ body: [1] }));
  vi.stubEnv("DYNAMODB_ENDPOINT", "http://127.0.0.1:1");
  const other = await otherProcess();

  const answer = await ask(broken, other);

  expect(answer.data).toEqual([1]);
  expect(esi.received).toHaveLength(1);
});
