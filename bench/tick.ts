import { handler } from "../packages/functions/src/cron/scheduler.ts";

/*
 * The scheduler's function in a process of its own, bundled as it is deployed: told its environment by the parent, it runs
 * a round whenever it is sent a message and answers with what that took.
 */

const sampleEveryMs = 20;

export interface TickMeasure {
  ms: number;
  /** Highest resident memory during the round, and what the process held before its first one. */
  peakMb: number;
  idleMb: number;
  cpuMs: number;
  tick: Awaited<ReturnType<typeof handler>>;
}

const megabytes = (bytes: number) => bytes / 1024 / 1024;
const idleMb = megabytes(process.memoryUsage.rss());

async function measure(): Promise<TickMeasure> {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(sample, sampleEveryMs);
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const tick = await handler();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  sample();
  return { ms, tick, idleMb, peakMb: megabytes(peak), cpuMs: (user + system) / 1000 };
}

process.on("message", () => {
  measure().then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.("ready");
