import { afterEach, expect, test, vi } from "vitest";
import { nextFire } from "./expression.ts";
import { startScheduler } from "./index.ts";

const at = (iso: string) => Date.parse(iso);
const next = (expression: string, after: string) => {
  const moment = nextFire(expression, at(after));
  return moment === undefined ? undefined : new Date(moment).toISOString();
};

afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ["rate(1 minute)", "2026-01-31T10:00:30Z", "2026-01-31T10:01:00.000Z"],
  ["rate(1 minute)", "2026-01-31T10:01:00Z", "2026-01-31T10:02:00.000Z"],
  ["rate(6 hours)", "2026-01-31T10:00:00Z", "2026-01-31T12:00:00.000Z"],
  ["rate(1 day)", "2026-01-31T10:00:00Z", "2026-02-01T00:00:00.000Z"],
  ["cron(30 4 * * ? *)", "2026-01-31T04:30:00Z", "2026-02-01T04:30:00.000Z"],
  ["cron(0/15 * * * ? *)", "2026-01-31T04:31:00Z", "2026-01-31T04:45:00.000Z"],
  ["cron(5/20 8 * * ? *)", "2026-01-31T08:06:00Z", "2026-01-31T08:25:00.000Z"],
  ["cron(0 18 ? * MON-FRI *)", "2026-01-31T00:00:00Z", "2026-02-02T18:00:00.000Z"],
  ["cron(0 9 ? * 1 *)", "2026-01-26T00:00:00Z", "2026-02-01T09:00:00.000Z"],
  ["cron(0 9 ? * 2#1 *)", "2026-01-26T00:00:00Z", "2026-02-02T09:00:00.000Z"],
  ["cron(0 9 ? * 6L *)", "2026-01-26T00:00:00Z", "2026-01-30T09:00:00.000Z"],
  ["cron(0 0 L * ? *)", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00.000Z"],
  ["cron(0 8 1W * ? *)", "2026-07-31T09:00:00Z", "2026-08-03T08:00:00.000Z"],
  ["cron(0 12 1 JAN,JUL ? *)", "2026-01-31T00:00:00Z", "2026-07-01T12:00:00.000Z"],
  ["cron(0 12 1 1 ? 2028)", "2026-01-31T00:00:00Z", "2028-01-01T12:00:00.000Z"],
])("%s after %s fires at %s", (expression, after, expected) => {
  expect(next(expression, after)).toBe(expected);
});

test("a cron expression whose years have passed never fires", () => {
  expect(next("cron(0 12 1 1 ? 2020)", "2026-01-31T00:00:00Z")).toBeUndefined();
});

test.each([
  "rate(1 minutes)",
  "rate(5 minute)",
  "rate(0 minutes)",
  "rate(1 second)",
  "cron(* * * * *)",
  "cron(0 0 1 * 2 *)",
  "cron(0 0 ? * ? *)",
  "* * * * *",
])("%s is refused, as EventBridge would", (expression) => {
  expect(() => nextFire(expression, 0)).toThrow(expression);
});

test("a schedule fires when it is due, again and again", () => {
  vi.useFakeTimers({ now: at("2026-01-31T10:00:30Z") });
  const fired: string[] = [];
  const scheduler = startScheduler([
    { expression: "rate(1 minute)", fire: (dueAt) => fired.push(new Date(dueAt).toISOString()) },
  ]);

  vi.advanceTimersByTime(150_000);
  scheduler.close();
  vi.advanceTimersByTime(300_000);

  expect(fired).toEqual(["2026-01-31T10:01:00.000Z", "2026-01-31T10:02:00.000Z", "2026-01-31T10:03:00.000Z"]);
});

test("a jump of the clock fires what it passed over, once each, and counts on from there", () => {
  vi.useFakeTimers({ now: at("2026-01-31T10:00:30Z") });
  const fired: string[] = [];
  const note = (name: string) => (dueAt: number) => void fired.push(`${name} ${new Date(dueAt).toISOString()}`);
  const scheduler = startScheduler([
    { expression: "rate(1 minute)", fire: note("minute") },
    { expression: "cron(30 4 * * ? *)", fire: note("daily") },
  ]);

  vi.setSystemTime(at("2026-02-02T00:00:30Z"));
  scheduler.wake();
  vi.advanceTimersByTime(60_000);
  scheduler.close();

  expect(fired).toEqual([
    "minute 2026-01-31T10:01:00.000Z",
    "daily 2026-02-01T04:30:00.000Z",
    "minute 2026-02-02T00:01:00.000Z",
  ]);
});

test("a clock that goes back by a day does not hold up what fires each minute", () => {
  vi.useFakeTimers({ now: at("2026-02-01T10:00:30Z") });
  const fired: string[] = [];
  const scheduler = startScheduler([
    { expression: "rate(1 minute)", fire: (dueAt) => void fired.push(new Date(dueAt).toISOString()) },
  ]);

  vi.setSystemTime(at("2026-01-31T10:00:30Z"));
  vi.advanceTimersByTime(120_000);
  scheduler.close();

  expect(fired).toEqual(["2026-01-31T10:02:00.000Z"]);
});
