import { parseArgs } from "node:util";
import { simulate } from "./simulation/index.ts";
import { report } from "./simulation/report.ts";
import { backlog, day } from "./simulation/scenarios.ts";

/*
 * npx tsx bench/simulate.ts [--corporations 10000] [--hours 24] [--backlog] [--seed 1]: what docs/scale.md shows. The same
 * arguments give the same figures on every machine.
 */

const { values } = parseArgs({
  options: {
    corporations: { type: "string", default: "10000" },
    hours: { type: "string" },
    seed: { type: "string", default: "1" },
    backlog: { type: "boolean", default: false },
  },
});

const scenario = values.backlog ? backlog : day;
const hours = values.hours === undefined ? undefined : Number(values.hours);
const startedAt = performance.now();
const outcome = await simulate({ ...(await scenario(Number(values.corporations), hours)), seed: Number(values.seed) });
console.log(report(outcome));
const tookSeconds = Math.round((performance.now() - startedAt) / 1000);
console.log(`\nTook ${tookSeconds} s and ${Math.round(process.resourceUsage().maxRSS / 1024)} MB.`);
