import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

test("the wait doubles from half a second to half a minute and stays there", () => {
  const longest = [0, 1, 2, 3, 6, 20].map((attempt) => backoffMs(attempt, () => 1));

  expect(longest).toEqual([500, 1_000, 2_000, 4_000, 30_000, 30_000]);
});

test("the wait is drawn from the upper half, so that many browsers do not return at once", () => {
  expect([backoffMs(3, () => 0), backoffMs(3, () => 0.5), backoffMs(3, () => 1)]).toEqual([2_000, 3_000, 4_000]);
});
