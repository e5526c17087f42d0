import type { Bench, Figure } from "./figure.ts";
import { type HomeResult, liveAtHome } from "./home-run.ts";

const megabyte = 1024 * 1024;
/** Two cores have this many seconds of processor time in an hour. */
const coreSecondsAnHour = 7200;

function part(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function figuresOf(result: HomeResult, corporations: number): Figure[] {
  const late = result.latenessSeconds.toSorted((a, b) => a - b);
  const held = result.bytesByHour.map((bytes) => Math.round(bytes / megabyte)).join(", ");
  const goal = corporations > 10 ? "<= 1024" : "<= 512";
  const detail = `${corporations} corporations at P1, ${result.hours} simulated hours, ${late.length} refreshes`;
  return [
    { name: "refreshed after the expiry, 95 % within", value: part(late, 0.95), unit: "s", goal: "<= 300", detail },
    { name: "the latest", value: late.at(-1) ?? 0, unit: "s", detail: `${result.failing} found failing` },
    {
      name: "memory, peak, New Eden apart",
      value: result.peakBytes / megabyte,
      unit: "MB",
      goal,
      detail: `after each hour ${held}`,
    },
    {
      name: "processor time an hour of life",
      value: result.cpuSeconds / result.hours,
      unit: "s",
      goal: `<< ${coreSecondsAnHour}`,
      detail: `two cores have ${coreSecondsAnHour} s; the first import took ${Math.round(result.importCpuSeconds)} s`,
    },
    { name: "data folder", value: result.folderBytes / megabyte, unit: "MB" },
    { name: "real time of it all", value: result.seconds, unit: "s" },
  ];
}

/** Small enough for every run; `bench/home.ts` takes any size. */
const size = { corporations: 10, hours: 1 };

export default {
  name: "Home server",
  run: async () => figuresOf(await liveAtHome(size), size.corporations),
} satisfies Bench;
