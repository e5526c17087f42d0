import type { RefreshQueue } from "@tapi/core/platform/topology";
import { type Options, settlingMs, simulate, startAt } from "./index.ts";

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** A day with its downtime, an hour in which ESI fails now and then, and five minutes in which it does not answer at all. */
export const day = (corporations: number, hours = 24): Options => ({
  corporations,
  hours,
  outages: [
    { from: startAt + 4 * hourMs, until: startAt + 5 * hourMs, chance: 0.1 },
    { from: startAt + 7 * hourMs, until: startAt + 7 * hourMs + 5 * minuteMs, chance: 1 },
    { from: startAt + 16 * hourMs, until: startAt + 16 * hourMs + 30 * minuteMs, chance: 0.5 },
  ],
});

const crowded = { P0: 33, P1: 8, P2: 24, P3: 35 };
/** Of what is asked for when nothing is short, so much can be done. */
const capacity = 0.75;
const sample = { corporations: 400, hours: 1 };
/** As many as the topology's workers are made for. */
const whole = 10_000;

/** Messages a minute that so many corporations make for each queue while workers are as fast as they like. */
async function demand(corporations: number): Promise<(queue: RefreshQueue) => number> {
  const few = Math.min(corporations, sample.corporations);
  const { measures } = await simulate({ ...sample, corporations: few, mix: crowded });
  const minutes = (sample.hours * hourMs + settlingMs) / minuteMs;
  return (queue) => ((measures.messagesTo.get(queue) ?? 0) / minutes) * (corporations / few);
}

/** A third of the corporations is P0, and in each queue more is always due than its workers can do. */
export async function backlog(corporations: number, hours = 24): Promise<Options> {
  const perMinute = await demand(corporations);
  const workersPart = Math.min(1, corporations / whole);
  return { corporations, hours, mix: crowded, workersPart, perMinute: (queue) => capacity * perMinute(queue) };
}
