import * as Log from "@tapi/core/platform/log";
import type { Bench } from "./figure.ts";
import { soak } from "./soak-run.ts";

/** Small enough for every run; `bench/soak.ts` takes any size. */
const size = { corporations: 2, hours: 1, seed: "bench" };

export default {
  name: "Soak",
  async run() {
    Log.setLevel("error");
    const result = await soak(size);
    const detail = `${size.corporations} corporations, ${size.hours} h simulated, ${result.faults} faults`;
    return [
      { name: "datasets that differ from the truth", value: result.differing.length, unit: "", goal: "0", detail },
      { name: "budgets overdrawn", value: result.sent429 + result.sent420, unit: "refusals", goal: "0" },
      { name: "fetched before the expiry", value: result.earlyFetches, unit: "fetches", goal: "0" },
      {
        name: "messages a second, one process",
        value: result.delivered / result.seconds,
        unit: "/s",
        detail: "scheduler, queues and New Eden included",
      },
    ];
  },
} satisfies Bench;
