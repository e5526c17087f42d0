import { Datasets } from "@tapi/core/owners/corporation";
import { slowedBy } from "../../packages/core/src/engine/agenda/cadence.ts";
import { type Outage, SimulatedEsi } from "./esi.ts";
import { Measures } from "./measures.ts";
import { populate, type SimulatedCorporation, type Tier } from "./population.ts";
import { profileOf } from "./profile.ts";
import { randomOf } from "./random.ts";
import { dueAt, type World } from "./refresh.ts";
import { SimulatedScheduler } from "./scheduler.ts";
import { SimulatedWorkers, type WorkerOptions } from "./workers.ts";

export interface Options extends WorkerOptions {
  corporations: number;
  hours: number;
  seed?: number;
  /** Parts of all corporations by tier. */
  mix?: Readonly<Record<Tier, number>>;
  outages?: readonly Outage[];
}

export interface Outcome {
  measures: Measures;
  esi: SimulatedEsi;
  corporations: readonly SimulatedCorporation[];
  /** Hours that were counted. */
  hours: number;
  /** Tokens that all directors' buckets held in the simulated time, by group. */
  available: ReadonlyMap<string, number>;
  /** How long the dataset that is most overdue at the end has been so, by tier. */
  overdueMs: Record<Tier, number>;
}

/** Midnight UTC: a day from then on has its downtime in the middle. */
export const startAt = Date.UTC(2026, 10, 3);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** By then corporations that began scattered over their intervals have found their rhythm. */
export const settlingMs = 1.5 * hourMs;
const usualMix: Readonly<Record<Tier, number>> = { P0: 2, P1: 8, P2: 30, P3: 60 };
/** Corporations in use are looked at so many times a day; the others now and then. */
const looksPerDay = { used: 3, unused: 0.05 };

function look(corporations: readonly SimulatedCorporation[], now: number, random: () => number): void {
  for (const corporation of corporations) {
    const isUsed = now - corporation.viewedAt < dayMs;
    if (random() >= ((isUsed ? looksPerDay.used : looksPerDay.unused) * minuteMs) / dayMs) continue;
    if (slowedBy(corporation.viewedAt, now) > 1) corporation.wakeAt = now;
    corporation.viewedAt = now;
  }
}

function overdue(corporations: readonly SimulatedCorporation[], now: number): Outcome["overdueMs"] {
  const longest = { P0: 0, P1: 0, P2: 0, P3: 0 };
  for (const { tier, tasks } of corporations) {
    // What nobody may fetch is not the scheduler's to hasten.
    for (const task of tasks) if (!task.state.wasBlocked) longest[tier] = Math.max(longest[tier], now - dueAt(task));
  }
  return longest;
}

/**
 * Runs the scheduler's own decision code against a simulated world, minute by minute: corporations with directors, ESI with
 * its buckets, outages and downtime, queues with their workers. The same options give the same figures on every machine.
 */
export async function simulate(options: Options): Promise<Outcome> {
  const { hours, seed = 1, mix = usualMix, outages = [] } = options;
  const random = randomOf(seed);
  const countFrom = startAt + settlingMs;
  const endAt = countFrom + hours * hourMs;
  const profiles = Datasets.datasets.map(profileOf);
  const corporations = populate({ corporations: options.corporations, mix, startAt, endAt }, profiles, random);
  const measures = new Measures();
  const esi = new SimulatedEsi(outages);
  const world: World = { esi, measures, random, countFrom, send: (tasks, at) => workers.forward(tasks, at) };
  const workers = new SimulatedWorkers(world, options);
  const scheduler = new SimulatedScheduler(world, workers, corporations, profiles);
  for (let now = startAt; now < endAt; now += minuteMs) {
    workers.run(now);
    look(corporations, now, random);
    await scheduler.round(now);
  }
  const directors = corporations.reduce((sum, corporation) => sum + corporation.directors.length, 0);
  const available = new Map(
    profiles.flatMap(({ group, limit, windowMs }) =>
      group ? [[group, (limit * directors * (endAt - startAt)) / windowMs] as const] : [],
    ),
  );
  return { measures, esi, corporations, hours, available, overdueMs: overdue(corporations, endAt) };
}
