import { expect, test } from "vitest";
import type { Freshness } from "../api/contract.ts";
import { changeWords, explain, groupBoard, isOnTime, mergeFreshness, needsAttention, statusOf } from "./status.ts";

const entry = (over: Partial<Freshness>): Freshness => ({
  dataset: "assets",
  title: "Assets",
  group: "Assets",
  status: "fresh",
  version: 4,
  rows: 10,
  refreshedAt: "2026-11-20T12:00:00.000Z",
  ...over,
});

test("a newer state takes the place of the old one and leaves the other datasets alone", () => {
  const other = entry({ dataset: "members" });
  const next = entry({ version: 5, rows: 12, refreshedAt: "2026-11-20T13:00:00.000Z" });

  expect(mergeFreshness([other, entry({})], next)).toEqual([other, next]);
});

test("a message that arrives late does not turn a finished refresh back into a running one", () => {
  const finished = entry({ refreshedAt: "2026-11-20T13:00:00.000Z" });
  const late = entry({ status: "running", progress: { done: 9, total: 10 } });

  expect(mergeFreshness([finished], late)).toEqual([finished]);
  expect(
    mergeFreshness([entry({ version: 5 })], entry({ version: 4, refreshedAt: "2026-11-20T14:00:00.000Z" })),
  ).toEqual([entry({ version: 5 })]);
});

test("a refresh that changed nothing, and a dataset not seen before, are taken over", () => {
  const unchanged = entry({ refreshedAt: "2026-11-20T13:00:00.000Z" });
  const first = entry({ dataset: "members" });

  expect(mergeFreshness([entry({})], unchanged)).toEqual([unchanged]);
  expect(mergeFreshness([unchanged], first)).toEqual([unchanged, first]);
});

test("a change is described in signs and words, and no change in none", () => {
  expect(changeWords({ added: 1_200, removed: 1, changed: 0 })).toBe("+1,200, \u22121");
  expect(changeWords({ added: 0, removed: 0, changed: 7 })).toBe("7 changed");
  expect(changeWords({ added: 0, removed: 0, changed: 0 })).toBe("");
});

test("the board stands in its groups, narrowed by a name or a state", () => {
  const board = [
    entry({}),
    entry({ dataset: "orders", title: "Market orders", group: "Market", status: "stale" }),
    entry({ dataset: "asset-names", title: "Asset names" }),
  ];

  const all = groupBoard(board).map(({ name, entries }) => [name, entries.length]);
  const stale = groupBoard(board, " Stale").map(({ name }) => name);

  expect(all).toEqual([
    ["Assets", 2],
    ["Market", 1],
  ]);
  expect(stale).toEqual(["Market"]);
  expect(groupBoard(board, "nothing of the kind")).toEqual([]);
});

const expired = { nextAt: "2026-11-20T12:00:00.000Z", lateAt: "2026-11-20T12:05:00.000Z", tier: "P1" } as const;

test("a dataset is on time until its own tier's promise runs out, also while it waits in its queue", () => {
  const [before, after] = [Date.parse("2026-11-20T12:04:59Z"), Date.parse("2026-11-20T12:05:01Z")];
  const judged = (["fresh", "due", "queued", "running", "stale", "failed", "blocked", "never"] as const).map(
    (status) => [
      status,
      isOnTime(entry({ ...expired, status }), before),
      isOnTime(entry({ ...expired, status }), after),
    ],
  );

  expect(judged).toEqual([
    ["fresh", true, true],
    ["due", true, true],
    ["queued", true, false],
    ["running", true, false],
    ["stale", false, false],
    ["failed", false, false],
    ["blocked", false, false],
    ["never", false, false],
  ]);
});

test("a due or stale dataset shows what its tier promises, and an idle corporation's why it is slower", () => {
  expect(explain(entry({ ...expired, status: "due" }))).toContain("Tier P1 has it fetched within 5 min: by 12:05");
  expect(explain(entry({ ...expired, status: "stale" }))).toContain("Tier P1 promises it within 5 min");
  expect(explain(entry({ ...expired, status: "due", slowed: true }))).toContain("Nobody had looked");
});

test("a spent budget needs no attention; other failures do", () => {
  const failed = (code: string) =>
    entry({ status: "failed", lastError: { code, message: "It goes on.", at: "2026-11-20T12:00:00.000Z" } });

  expect([failed("esi.rate_limited"), failed("esi.server")].map(needsAttention)).toEqual([false, true]);
  expect([failed("esi.rate_limited"), failed("esi.server")].map((each) => statusOf(each).word)).toEqual([
    "Waits for budget",
    "Failed",
  ]);
  expect(explain(failed("esi.rate_limited"))).toBe("It goes on.");
});
