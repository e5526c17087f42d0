import { expect, test } from "vitest";
import { phaseOf, progressOf } from "./jobs.ts";

test("a job past its end is ready, whatever ESI still calls it", () => {
  expect(phaseOf("active", 100, 99)).toBe("running");
  expect(phaseOf("active", 100, 100)).toBe("ready");
  expect(phaseOf("ready", 100, 0)).toBe("ready");
  expect(phaseOf("paused", 100, 200)).toBe("paused");
  expect(phaseOf("delivered", 100, 200)).toBe("over");
});

test("progress stays between nothing and all", () => {
  expect([0, 100, 150, 200, 300].map((now) => progressOf(100, 200, now))).toEqual([0, 0, 0.5, 1, 1]);
  expect(progressOf(100, 100, 50)).toBe(1);
});
