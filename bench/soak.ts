import { parseArgs } from "node:util";
import * as Log from "@tapi/core/platform/log";
import { soak } from "./soak-run.ts";

/*
 * pnpm tsx bench/soak.ts --corporations 20 --hours 6 --seed s: ends with 1 if any dataset differs from the truth, a budget
 * was overdrawn, or anything was fetched before its expiry. --begin 2026-12-31T20:00Z has it begin then, and not now.
 */

const { values } = parseArgs({
  options: {
    corporations: { type: "string", default: "20" },
    hours: { type: "string", default: "6" },
    seed: { type: "string", default: "soak" },
    begin: { type: "string" },
    sdk: { type: "boolean", default: false },
  },
});

const begin = values.begin === undefined ? undefined : Date.parse(values.begin);
if (Number.isNaN(begin) || (begin !== undefined && begin < Date.now())) {
  console.error(`--begin takes a moment to come, such as 2026-12-31T20:00Z, not "${values.begin}".`);
  process.exit(2);
}
Log.setLevel("error");
const { differing, earlyExamples, ...figures } = await soak({
  corporations: Number(values.corporations),
  hours: Number(values.hours),
  seed: values.seed,
  ...(begin === undefined ? {} : { begin }),
  plainWire: !values.sdk,
  onHour: (hour, { delivered, failed, killed, seconds }) =>
    console.log(`hour ${hour}: ${delivered} messages, ${failed} failed, ${killed} killed, ${seconds.toFixed(0)} s`),
});
const rows = (of: (each: (typeof differing)[number]) => number) => differing.reduce((sum, each) => sum + of(each), 0);
console.log(
  JSON.stringify(
    {
      ...figures,
      differing: differing.length,
      missingRows: rows(({ missing }) => missing.length),
      extraRows: rows(({ extra }) => extra.length),
      doubledRows: rows(({ doubled }) => doubled),
    },
    undefined,
    2,
  ),
);
for (const { missing, extra, ...each } of differing.slice(0, 20)) {
  console.log(JSON.stringify({ ...each, missing: missing.slice(0, 2), extra: extra.slice(0, 2) }));
}
for (const example of earlyExamples.slice(0, 10)) console.log("early", JSON.stringify(example));
process.exit(differing.length + figures.sent429 + figures.sent420 + figures.earlyFetches === 0 ? 0 : 1);
