import { expect, test } from "vitest";
import { isLittle, isPlenty, type Pace, paceOf, placesAt } from "./pace.ts";

const workers = { maxConcurrency: 10, batchSize: 10 };
const now = Date.UTC(2026, 4, 5, 15);
const minuteMs = 60_000;
/** A minute ago so many waited, in a queue that is reckoned to get through a thousand a minute. */
const before = (waiting: number): Pace => ({ perMinute: 1_000, waiting, at: now - minuteMs });
const learnt = (waitingBefore: number, waiting: number, delayed = 0) =>
  paceOf(before(waitingBefore), { waiting, delayed }, now, workers);

test("before anything has been seen, workers are reckoned to take three seconds for a batch", () => {
  expect(paceOf(undefined, { waiting: 0, delayed: 0 }, now, workers)).toBe(2_000);
});

test("workers that leave a backlog are reckoned slower, half-way to what they got through", () => {
  expect(learnt(1_250, 850)).toBe(700);
});

test("a queue that ran dry gets more only if it had been filled", () => {
  expect(learnt(1_250, 0)).toBe(1_250);
  expect(learnt(400, 0)).toBe(1_000);
});

test("what is only delayed does not make a queue look backed up", () => {
  expect(learnt(1_250, 1_000, 1_000)).toBe(1_250);
});

test("a round that follows at once learns nothing, and workers that stand still are still given two batches each", () => {
  const asked = { waiting: 900, delayed: 0 };

  expect(paceOf({ ...before(1_000), at: now }, asked, now, workers)).toBe(1_000);
  let pace: Pace = before(5_000);
  for (let round = 0; round < 20; round += 1) {
    pace = {
      perMinute: paceOf(pace, { waiting: 5_000, delayed: 0 }, now, workers),
      waiting: 5_000,
      at: now - minuteMs,
    };
  }
  expect(pace.perMinute).toBe(200);
});

test("a queue gets a little more than a minute's work, what waits in it counted", () => {
  expect([placesAt(1_000, 0), placesAt(1_000, 1_000), placesAt(1_000, 3_000)]).toEqual([1_250, 250, 0]);
});

test("as many as all workers take at once are little; a quarter more than a queue takes is plenty", () => {
  expect([isLittle(100, workers), isLittle(101, workers)]).toEqual([true, false]);
  expect([isPlenty(1_562, before(0), workers), isPlenty(1_563, before(0), workers)]).toEqual([false, true]);
});
