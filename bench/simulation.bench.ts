import type { Bench, Figure } from "./figure.ts";
import { type Outcome, simulate } from "./simulation/index.ts";
import { type Tier, tiers } from "./simulation/population.ts";
import { refreshesOf, shareOf } from "./simulation/report.ts";
import { backlog, day } from "./simulation/scenarios.ts";

/** Small enough for every run; `bench/simulate.ts` takes any size, and docs/scale.md shows the whole. */
const size = { corporations: 1_000, hours: 6 };
const promisedSeconds: Record<Tier, number> = { P0: 60, P1: 300, P2: 900, P3: 3_600 };

const late = (outcome: Outcome, tier: Tier): Figure => ({
  name: `${tier}: 95 of 100 refreshes are late by at most`,
  value: outcome.measures.lags[tier].percentile(0.95),
  unit: "s",
  goal: `<= ${promisedSeconds[tier]}`,
  detail: `${refreshesOf(outcome, tier).toFixed(1)} refreshes of a corporation an hour`,
});

export default {
  name: "Scheduler in a simulated world",
  async run() {
    const { corporations, hours } = size;
    const outcome = await simulate({ ...day(corporations, hours), outages: [] });
    const crowded = await simulate(await backlog(corporations, hours));
    const { P3 } = crowded.measures.lags;
    return [
      ...tiers.map((tier) => late(outcome, tier)),
      { name: "calls beyond a bucket", value: outcome.esi.overdrafts + crowded.esi.overdrafts, unit: "", goal: "0" },
      {
        name: "P3's share of messages under a backlog of P0",
        value: 100 * shareOf(crowded, "P3"),
        unit: "%",
        // A tenth of the places of full queues; not every queue is full all the time.
        goal: ">= 8",
        detail: `its refreshes are late by ${P3.percentile(0.5)} s at the median, ${Math.round(P3.longestMs / 1000)} s at most`,
      },
    ];
  },
} satisfies Bench;
