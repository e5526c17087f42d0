import type { QueueSettings } from "../topology/index.ts";

/** What the last round left behind of one queue. */
export interface Pace {
  /** Messages that its workers get through in a minute, as far as has been seen. */
  perMinute: number;
  /** Messages that waited when the round had sent its own; absent: nobody asked. */
  waiting?: number | undefined;
  at: number;
}

/** Queues are filled with a minute's work and a little more: a round that comes late must not find idle workers. */
export const minutesAhead = 1.25;
/** Before anything has been seen: what workers do who take three seconds for a batch. */
const firstRoundsPerMinute = 20;
/** However slow they are: two batches for each worker. */
const leastRounds = 2;

type Workers = Pick<QueueSettings, "maxConcurrency" | "batchSize">;

/** Messages that all workers of a queue take at once. */
export const roundOf = ({ maxConcurrency, batchSize }: Workers): number => maxConcurrency * batchSize;

/** Messages a minute that a queue is reckoned to get through before anything has been seen. */
export const firstPace = (workers: Workers): number => roundOf(workers) * firstRoundsPerMinute;

/**
 * Learns from how many messages have gone since the last round. Queues are kept shallow, about a minute deep, so that the
 * order in which messages were chosen still means something; how many that are depends on how fast the workers are, and
 * this only the queue itself can tell. One that ran dry although it was filled gets twice as many.
 */
export function paceOf(before: Pace | undefined, waiting: number, now: number, settings: Workers): number {
  const round = roundOf(settings);
  const perMinute = before?.perMinute ?? firstPace(settings);
  if (before?.waiting === undefined || now <= before.at) return perMinute;
  const wasFilled = before.waiting >= perMinute;
  if (waiting < round) return wasFilled ? perMinute * 2 : perMinute;
  const gone = (Math.max(0, before.waiting - waiting) * 60_000) / (now - before.at);
  return Math.max(round * leastRounds, Math.round((perMinute + gone) / 2));
}

/** Messages that may be added to a queue in which `waiting` wait. */
export const placesAt = (perMinute: number, waiting: number): number =>
  Math.max(0, Math.ceil(perMinute * minutesAhead) - waiting);
