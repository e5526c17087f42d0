import { randomInt } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Actor from "../actor/index.ts";
import * as Db from "../db/index.ts";
import * as Bucket from "../esi/bucket.ts";
import * as Directors from "./directors.ts";

const group = "corp-wallet";
const minuteMs = 60_000;
let director: Directors.DirectorState;

beforeEach(() => {
  director = {
    characterId: randomInt(90_000_000, 2_000_000_000),
    ...{ userId: "someone", name: "Ann Example", priority: 0, roles: [], scopes: [], failures: 0, lastUsedAt: 0 },
    refused: {},
    buckets: [],
  };
});
afterEach(() => {
  vi.useRealTimers();
});

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

function spend(tokens: number): void {
  Bucket.take(group, director, tokens);
  Bucket.settle(group, director, { held: tokens, cost: tokens });
}

/** Whether a use that worked is written down. */
async function isKept(over: Partial<Directors.DirectorState> = {}): Promise<boolean> {
  const { consumed } = await Db.metered(() =>
    Actor.provide({ type: "system", name: "test" }, () =>
      Directors.recordSuccess(director.characterId, { ...director, ...over }, "wallets"),
    ),
  );
  return consumed.requests > 0;
}

test("budgets that are nearly full are written down once in ten minutes", async () => {
  spend(10);

  const first = await isKept();
  later(9 * minuteMs);
  const soon = await isKept();
  later(2 * minuteMs);

  expect([first, soon, await isKept()]).toEqual([true, false, true]);
});

test("budgets that are spent are written down once a minute", async () => {
  await isKept();
  spend(100);

  later(minuteMs / 2);
  const atOnce = await isKept();
  later(minuteMs);
  const aMinute = await isKept();
  const again = await isKept();

  expect([atOnce, aMinute, again]).toEqual([false, true, false]);
});

test("a success that heals is written down at once", async () => {
  await isKept();

  const known = await isKept();
  const failed = await isKept({ failures: 2 });
  const refused = await isKept({ refused: { wallets: Date.now() } });

  expect([known, failed, refused]).toEqual([false, true, true]);
});
