import { expect, test } from "vitest";
import { activityBuckets, joinedWithin, seenWithin } from "./activity.ts";

const DAY = 86_400_000;
const now = Date.parse("2026-11-20T12:00:00Z");
const seen = (days: number | undefined) => ({
  logonAt: days === undefined ? undefined : now - days * DAY,
  joinedAt: now - 40 * DAY,
});

test("every member stands in exactly one stretch, those never seen in the last", () => {
  const members = [seen(0.5), seen(1), seen(2), seen(29), seen(31), seen(400), seen(undefined)];

  const buckets = activityBuckets(members, now);

  expect(buckets.map((bucket) => [bucket.label, bucket.count])).toEqual([
    ["1 d", 2],
    ["3 d", 1],
    ["7 d", 0],
    ["14 d", 0],
    ["30 d", 1],
    ["90 d", 1],
    ["longer", 2],
  ]);
});

test("a member without a date counts neither as seen nor as new", () => {
  const members = [seen(3), seen(20), seen(undefined), { logonAt: undefined, joinedAt: undefined }];

  expect([seenWithin(members, 7, now), seenWithin(members, 30, now)]).toEqual([1, 2]);
  expect([joinedWithin(members, 30, now), joinedWithin(members, 60, now)]).toEqual([0, 3]);
});
