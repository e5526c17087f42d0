import { parseArgs } from "node:util";
import { figuresOf } from "./home.bench.ts";
import { liveAtHome } from "./home-run.ts";

/* pnpm tsx bench/home.ts --corporations 100 --hours 24 [--limit-minutes 60]: the figures of docs/home.md. */

const { values } = parseArgs({
  options: {
    corporations: { type: "string", default: "100" },
    hours: { type: "string", default: "24" },
    "limit-minutes": { type: "string" },
  },
});

const corporations = Number(values.corporations);
const limit = values["limit-minutes"];
const result = await liveAtHome({
  corporations,
  hours: Number(values.hours),
  ...(limit === undefined ? {} : { limitSeconds: Number(limit) * 60 }),
  onHour: (hour, { seconds, cpuSeconds, bytes, peakBytes, refreshes }) =>
    console.log(
      `hour ${hour}: ${refreshes} refreshes, ${cpuSeconds.toFixed(0)} s of processor time in ${seconds.toFixed(0)} s, ` +
        `${Math.round(bytes / 1024 / 1024)} MB now, ${Math.round(peakBytes / 1024 / 1024)} MB at most`,
    ),
});
for (const { name, value, unit, goal, detail } of figuresOf(result, corporations)) {
  console.log([name, value.toFixed(1), unit, goal && `(${goal})`, detail].filter(Boolean).join(" "));
}
process.exit(0);
