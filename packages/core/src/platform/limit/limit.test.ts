import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Db from "../db/index.ts";
import * as Limit from "./index.ts";

const policy: Limit.Policy = { name: "test", quota: 40, windowSeconds: 60 };
const windowMs = 60_000;
let subject: string;

beforeEach(() => {
  subject = randomUUID();
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Math.ceil(Date.now() / windowMs) * windowMs);
});

afterEach(() => vi.useRealTimers());

async function take(times: number, from: typeof Limit = Limit): Promise<Limit.Verdict[]> {
  const verdicts: Limit.Verdict[] = [];
  for (let index = 0; index < times; index += 1) verdicts.push(await from.take(policy, subject));
  return verdicts;
}

/** The same module with counters of its own: another process. */
async function otherProcess(): Promise<typeof Limit> {
  vi.resetModules();
  return import("./index.ts");
}

const allowed = (verdicts: Limit.Verdict[]) => verdicts.filter((verdict) => verdict.allowed).length;

test("a subject gets its quota in a window, is told what remains, and no more", async () => {
  const verdicts = await take(45);

  expect(allowed(verdicts)).toBe(40);
  expect(verdicts[0]).toEqual({ allowed: true, remaining: 39, resetSeconds: 60 });
  expect(verdicts[44]).toMatchObject({ allowed: false, remaining: 0 });
});

test.each([0, 0.3, 0.9])(
  "who comes back when told to finds room, and no sooner (%f of a window gone)",
  async (gone) => {
    vi.setSystemTime(Date.now() + windowMs * gone);
    const refusals: number[] = [];
    // What was counted first stands in this window, later in the one before.
    for (let round = 0; round < 3; round += 1) {
      const { resetSeconds } = (await take(45))[44] as Limit.Verdict;
      vi.setSystemTime(Date.now() + resetSeconds * 1000 - 2000);
      refusals.push(allowed(await take(1)));
      vi.setSystemTime(Date.now() + 2000);
      refusals.push(allowed(await take(1)));
    }

    expect(refusals).toEqual([0, 1, 0, 1, 0, 1]);
  },
);

test("the window slides: half a window later half of what was used is free again", async () => {
  await take(40);
  vi.setSystemTime(Date.now() + windowMs * 1.5);

  expect(allowed(await take(45))).toBe(20);
});

test("after two windows of silence the whole quota is there", async () => {
  await take(45);
  vi.setSystemTime(Date.now() + windowMs * 2);

  expect(allowed(await take(45))).toBe(40);
});

test("one subject's use takes nothing from another's", async () => {
  await take(45);
  subject = randomUUID();

  expect(allowed(await take(1))).toBe(1);
});

test("processes share the quota, up to what each has not added up yet", async () => {
  const first = allowed(await take(30));
  const second = allowed(await take(45, await otherProcess()));

  expect(first + second).toBeGreaterThanOrEqual(40);
  expect(first + second).toBeLessThanOrEqual(42);
});

test("a use of less than a twentieth of the quota writes nothing", async () => {
  const { consumed } = await Db.metered(() => take(1));

  expect(consumed.requests).toBe(0);
});

test("what a window's sum tells after that window has ended does not count in the next one", async () => {
  await take(38);
  const late = Promise.all([Limit.take(policy, subject), Limit.take(policy, subject)]);
  vi.setSystemTime(Date.now() + 2 * windowMs);
  const first = await Limit.take(policy, subject);
  await late;

  const second = await Limit.take(policy, subject);

  expect([first, second]).toMatchObject([
    { allowed: true, remaining: 39 },
    { allowed: true, remaining: 38 },
  ]);
});

test("a process counts ten thousand subjects at a time and forgets the one asked for longest ago", async () => {
  const remaining = async (name: string) => (await Limit.take(policy, `${subject}-${name}`)).remaining;
  const others = async (from: number, to: number) => {
    for (let index = from; index < to; index += 1) await remaining(String(index));
  };
  await remaining("first");
  await others(0, 9_999);
  const known = await remaining("first");
  await others(10_000, 20_000);

  const forgotten = await remaining("first");

  expect([known, forgotten]).toEqual([38, 39]);
});
