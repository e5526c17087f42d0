import { beforeAll, expect, test } from "vitest";
import { type Outcome, simulate } from "./index.ts";
import { type Tier, tiers } from "./population.ts";
import { shareOf } from "./report.ts";
import { backlog } from "./scenarios.ts";

/*
 * The scheduler's own decisions over simulated hours, small enough for every run of the tests; docs/scale.md has the large
 * ones.
 */

const mix = { P0: 10, P1: 20, P2: 30, P3: 40 };
const promisedSeconds: Record<Tier, number> = { P0: 60, P1: 300, P2: 900, P3: 3_600 };

let calm: Outcome;
let crowded: Outcome;

beforeAll(async () => {
  calm = await simulate({ corporations: 80, hours: 3, mix });
  crowded = await simulate(await backlog(80, 3));
  // A few seconds of processor, which a busy machine may stretch.
}, 240_000);

test("each tier is as fresh as it is promised: 95 of 100 refreshes within its target", () => {
  for (const tier of tiers) {
    const lags = calm.measures.lags[tier];
    expect(lags.total).toBeGreaterThan(500);
    expect(lags.percentile(0.95)).toBeLessThanOrEqual(promisedSeconds[tier]);
  }
});

test("nothing is forgotten: at the end nothing is overdue beyond its target and a retry", () => {
  const retryMs = 120_000;
  for (const tier of tiers) expect(calm.overdueMs[tier]).toBeLessThan(promisedSeconds[tier] * 1_000 + retryMs);
});

test("no bucket is ever overdrawn, with or without a backlog", () => {
  expect([calm.esi.overdrafts, crowded.esi.overdrafts]).toEqual([0, 0]);
  expect(Math.max(...calm.esi.fullest.values())).toBeLessThanOrEqual(1);
});

test("a lower tier is refreshed less often", () => {
  const perCorporation = tiers.map(
    (tier) => calm.measures.refreshes[tier] / calm.corporations.filter((each) => each.tier === tier).length,
  );

  expect([...perCorporation].sort((a, b) => b - a)).toEqual(perCorporation);
});

test("when more is due than can be done, P0 goes first and every tier has its share", () => {
  const lateBy = (tier: Tier) => crowded.measures.lags[tier].percentile(0.5);

  expect(lateBy("P0")).toBeLessThan(lateBy("P3"));
  expect(crowded.overdueMs.P3).toBeGreaterThan(promisedSeconds.P3 * 1_000);
  expect(shareOf(crowded, "P3")).toBeGreaterThan(0.08);
});

test("the same seed gives the same figures", async () => {
  const again = await simulate({ corporations: 80, hours: 3, mix });

  expect(again.measures.messages).toEqual(calm.measures.messages);
  expect(again.esi.spentByGroup).toEqual(calm.esi.spentByGroup);
});
