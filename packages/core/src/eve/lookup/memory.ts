const minuteMs = 60_000;
const dayMs = 24 * 3_600_000;
/** What was refused again and again is hardly ever asked for: the thing is gone. */
const longestRefusalMs = 7 * dayMs;
const longestBackOffMs = 60 * minuteMs;

/** What is remembered of an id that was not answered. */
export interface Unanswered {
  /** Epoch seconds: not asked again before. */
  expiresAt: number;
  /** ESI refused it. Absent: ESI failed to answer. */
  refused?: true;
  /** How often in a row. */
  times?: number;
}

const doubled = (firstMs: number, times: number, mostMs: number): number =>
  Math.min(mostMs, firstMs * 2 ** Math.min(times - 1, 20));

/** A refusal holds for a day at first, then longer; a failure for two minutes at first, then up to an hour. */
export function unanswered(known: Unanswered | undefined, isRefused: boolean, now = Date.now()): Unanswered {
  const times = known && (known.refused === true) === isRefused ? (known.times ?? 1) + 1 : 1;
  const waitMs = isRefused ? doubled(dayMs, times, longestRefusalMs) : doubled(2 * minuteMs, times, longestBackOffMs);
  return { expiresAt: Math.ceil((now + waitMs) / 1000), times, ...(isRefused ? { refused: true } : {}) };
}

export const isDue = (known: Unanswered | undefined, now = Date.now()): boolean =>
  known === undefined || known.expiresAt * 1000 <= now;
