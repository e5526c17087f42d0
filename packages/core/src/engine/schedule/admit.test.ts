import { expect, test } from "vitest";
import * as Owner from "../../owner/index.ts";
import { admit } from "./admit.ts";
import type { Pace } from "./pace.ts";
import type { Due } from "./plan.ts";

const workers = { maxConcurrency: 2, batchSize: 5 };
const now = Date.UTC(2026, 4, 5, 15);
const pace: Pace = { perMinute: 60, waiting: 60, at: now - 60_000 };

const dueOf = (count: number, arriveAt = now): Due[] =>
  Array.from({ length: count }, (_, index) => ({
    owner: Owner.corporation(index),
    tier: "P2",
    dataset: "a",
    dueAt: index,
    arriveAt,
    recheckMs: 0,
  }));

const waiting = (count: number) => async () => ({ waiting: count, delayed: 0 });
const unasked = () => Promise.reject(new Error("nobody needed to know"));

test("a few are sent without asking how deep the queue is", async () => {
  const { chosen, pace: after } = await admit(dueOf(10), pace, { workers, depth: unasked, now });

  expect(chosen).toHaveLength(10);
  expect(after).toEqual({ perMinute: 60, at: now });
});

test("of many only as many are sent as the queue has room for, and what then waits is remembered", async () => {
  const { chosen, pace: after } = await admit(dueOf(500), pace, { workers, depth: waiting(40), now });

  expect(chosen).toHaveLength((after?.perMinute ?? 0) * 1.25 - 40);
  expect(after?.waiting).toBe(40 + chosen.length);
});

test("each arrives when its turn comes at the workers' pace, behind what waits already", async () => {
  const { chosen, pace: after } = await admit(dueOf(500), pace, { workers, depth: waiting(0), now });
  const arrivals = chosen.map(({ arriveAt }) => (arriveAt - now) / 1000);

  expect(arrivals[0]).toBe(0);
  expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
  expect(arrivals.at(-1)).toBeGreaterThan(60);
  const inFirstMinute = arrivals.filter((seconds) => seconds < 60).length;
  expect(inFirstMinute).toBe(after?.perMinute);
});

test("what must not arrive yet does not arrive sooner because there is room", async () => {
  const later = now + 300_000;

  const { chosen } = await admit(dueOf(500, later), pace, { workers, depth: waiting(0), now });

  expect(chosen.every(({ arriveAt }) => arriveAt >= later)).toBe(true);
});

test("a queue that is full gets nothing", async () => {
  const { chosen } = await admit(dueOf(500), pace, { workers, depth: waiting(10_000), now });

  expect(chosen).toEqual([]);
});
