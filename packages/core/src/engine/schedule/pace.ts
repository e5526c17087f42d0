import type { QueueSettings } from "../../platform/topology/index.ts";

/** What the last round left behind of one queue. */
export interface Pace {
  /** Messages that its workers get through in a minute, as far as has been seen. */
  perMinute: number;
  /** Messages that waited when the round had sent its own; absent: nobody asked. */
  waiting?: number | undefined;
  at: number;
}

/** Queues are filled with a minute's work and a little more: a round that comes late must not find idle workers. */
const minutesAhead = 1.25;
/** Before anything has been seen: what workers do who take three seconds for a batch. */
const firstRoundsPerMinute = 20;
/** However slow they are: two batches for each worker. */
const leastRounds = 2;

export type Workers = Pick<QueueSettings, "maxConcurrency" | "batchSize">;

/** Messages that all workers of a queue take at once. */
const roundOf = ({ maxConcurrency, batchSize }: Workers): number => maxConcurrency * batchSize;

/** Messages a minute that a queue is reckoned to get through before anything has been seen. */
const firstPace = (workers: Workers): number => roundOf(workers) * firstRoundsPerMinute;

/** What is in a queue now: messages that a worker could take, and those that are delayed. */
export interface Depth {
  waiting: number;
  delayed: number;
}

/** A queue that ran dry although it was filled gets this many times as many. */
const growth = 1.25;

/**
 * Messages a minute, learnt from how many have gone since the last round. Queues are kept shallow, about a minute deep, so
 * that the order in which messages were chosen still means something; how many that are depends on how fast the workers
 * are, and this only the queue itself can tell.
 */
export function paceOf(before: Pace | undefined, { waiting, delayed }: Depth, now: number, workers: Workers): number {
  const perMinute = before?.perMinute ?? firstPace(workers);
  if (before?.waiting === undefined || now <= before.at) return perMinute;
  const round = roundOf(workers);
  const ranDry = waiting - delayed < round;
  const wasFilled = before.waiting >= perMinute;
  if (ranDry) return wasFilled ? Math.round(perMinute * growth) : perMinute;
  const gone = (Math.max(0, before.waiting - waiting) * 60_000) / (now - before.at);
  return Math.max(round * leastRounds, Math.round((perMinute + gone) / 2));
}

/** Messages that may be added to a queue in which `waiting` wait. */
export const placesAt = (perMinute: number, waiting: number): number =>
  Math.max(0, Math.ceil(perMinute * minutesAhead) - waiting);

/** So few that the workers take them all at once: they are sent without asking how many wait, which costs a request. */
export const isLittle = (due: number, workers: Workers): boolean => due <= roundOf(workers);

/**
 * For each place. Owners are looked at in fair turns (`inTurns`), half of them of P0 where there are enough, which may
 * take six places of ten: with a quarter more than there are places, what is chosen is what would be if all had been read.
 */
const duePerPlace = 1.25;

/** So many that no more need be read to choose from. */
export const isPlenty = (due: number, before: Pace | undefined, workers: Workers): boolean =>
  due >= duePerPlace * placesAt(before?.perMinute ?? firstPace(workers), 0);
