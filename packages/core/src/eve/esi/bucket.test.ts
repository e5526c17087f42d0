import { randomInt } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { floorOf } from "./bucket.ts";
import * as Esi from "./index.ts";
import { caught, type Scripted, setUpScriptedEsi } from "./scripted-esi.fixture.ts";

const windowMs = 900_000;
const serve = setUpScriptedEsi();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-09-01T12:00:00Z") });
});

/** A bucket as ESI keeps it: every spending returns 15 minutes later. */
async function serveBucket(limit: number, options: { status?: number; foreign?: number; headers?: boolean } = {}) {
  const spent: [number, number][] = [];
  const counts = { refused: 0 };
  if (options.foreign) spent.push([Date.now(), options.foreign]);
  const left = () =>
    limit - spent.filter(([at]) => at + windowMs > Date.now()).reduce((sum, [, tokens]) => sum + tokens, 0);
  const { status = 200 } = options;
  const esi = await serve((): Scripted => {
    if (left() <= 0) {
      counts.refused += 1;
      return { status: 429, ...(options.headers === false ? {} : { headers: { "retry-after": "300" } }) };
    }
    spent.push([Date.now(), status >= 400 ? 5 : 2]);
    const remaining = String(Math.max(0, left()));
    return { status, headers: { "x-ratelimit-limit": `${limit}/15m`, "x-ratelimit-remaining": remaining } };
  });
  return { esi, counts, left };
}

const group = "corp-member";
const ask = (characterId: number, corporationId = randomInt(1e9), interactive = false) =>
  Esi.request("GetCorporationsCorporationIdMembers", {
    path: { corporation_id: corporationId },
    accessToken: "token",
    characterId,
    interactive,
  });

const someone = () => randomInt(90_000_000, 98_000_000);
async function askUntilRefused(characterId: number, interactive = false): Promise<Esi.EsiError> {
  for (;;) {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => ask(characterId, randomInt(1e9), interactive)),
    );
    const refused = results.find((result) => result.status === "rejected");
    if (refused) return refused.reason;
  }
}

test("a bucket is never overdrawn: the refusal comes from here, with the moment to go on", async () => {
  const { counts } = await serveBucket(300);
  const character = someone();

  const error = await askUntilRefused(character, true);

  expect(error).toMatchObject({ kind: "rate_limited", retryable: true });
  expect(error.retryAt).toBe(Date.now() + windowMs);
  expect(counts.refused).toBe(0);
});

test("refusals cost five tokens and do not overdraw the bucket either", async () => {
  const { left } = await serveBucket(299, { status: 404 });
  const character = someone();
  const kinds: string[] = [];

  while (!kinds.includes("rate_limited")) kinds.push((await caught(ask(character, randomInt(1e9), true))).kind);

  expect(kinds.filter((kind) => kind === "not_found").length).toBeGreaterThan(50);
  expect(left()).toBeGreaterThanOrEqual(0);
});

test("background work leaves a tenth of the bucket to people", async () => {
  const { left } = await serveBucket(300);
  const character = someone();

  await askUntilRefused(character);
  const person = await ask(character, 1, true);

  expect(person.status).toBe(200);
  expect(left()).toBeGreaterThanOrEqual(28);
});

test("tokens return fifteen minutes after they were spent", async () => {
  await serveBucket(300);
  const character = someone();
  const error = await askUntilRefused(character, true);

  vi.setSystemTime(error.retryAt ?? 0);
  const answer = await ask(character);

  expect(answer.status).toBe(200);
});

test("what others have spent is learned from the first answer", async () => {
  const { counts } = await serveBucket(300, { foreign: 250 });
  const character = someone();

  await askUntilRefused(character, true);

  expect(counts.refused).toBe(0);
  expect(Esi.Budget.remaining(group, character)).toBeLessThan(10);
});

test("one character's bucket does not touch another's", async () => {
  await serveBucket(1000);
  const [first, second] = [someone(), someone()];
  await ask(first);

  expect(Esi.Budget.remaining(group, first)).toBeLessThan(1000);
  expect(Esi.Budget.remaining(group, second)).toBe(300);
});

test.each([
  ["with Retry-After", true, 300_000],
  ["without any header", false, 60_000],
])("a 429 %s closes the bucket until then", async (_, headers, waitMs) => {
  const { esi } = await serveBucket(300, { foreign: 300, headers });
  const character = someone();

  const first = await caught(ask(character));
  const second = await caught(ask(character, 1, true));

  expect(first).toMatchObject({ kind: "rate_limited", status: 429, retryAt: Date.now() + waitMs });
  expect(second).toMatchObject({ kind: "rate_limited", retryAt: Date.now() + waitMs });
  expect(esi.received).toHaveLength(1);
});

test("another process that restores the ledger knows what was spent", async () => {
  await serveBucket(300);
  const character = someone();
  for (let count = 0; count < 50; count += 1) {
    await ask(character);
    vi.advanceTimersByTime(15_000);
  }
  const before = Esi.Budget.remaining(group, character);
  const stored = JSON.parse(JSON.stringify(Esi.Budget.snapshot(character)));

  Esi.reset();
  Esi.Budget.restore(character, stored);

  expect(before).toBe(200);
  expect(Esi.Budget.remaining(group, character)).toBe(before);
  expect(Esi.Budget.left(stored)).toEqual([{ group, remaining: before, limit: 300 }]);
  expect(JSON.stringify(stored).length).toBeLessThan(400);
});

test("a stored ledger that knows less than this process changes nothing", async () => {
  await serveBucket(300);
  const character = someone();
  await ask(character);
  const old = Esi.Budget.snapshot(character);
  for (let count = 0; count < 9; count += 1) await ask(character);

  Esi.Budget.restore(character, old);

  expect(Esi.Budget.remaining(group, character)).toBe(280);
});

test("a stored ledger is worth a full bucket once its window is over", async () => {
  await serveBucket(300);
  const character = someone();
  await ask(character);
  const stored = Esi.Budget.snapshot(character);

  vi.advanceTimersByTime(windowMs);

  expect(Esi.Budget.left(stored)).toEqual([{ group, remaining: 300, limit: 300 }]);
});

test.each([
  [300, true, 3],
  [300, false, 30],
  [301, false, 31],
  [30, false, 3],
  [10, false, 3],
  [0, true, 3],
])("of a bucket of %i, by a person: %s, the last %i tokens are never taken", (limit, interactive, floor) => {
  expect(floorOf({ limit }, interactive)).toBe(floor);
});
