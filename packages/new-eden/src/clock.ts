// Taken once: a test that fakes its timers must not stop the simulated world.
const elapsedMs = performance.now.bind(performance);

const realNow = (): number => Math.floor(performance.timeOrigin + elapsedMs());

/** How far `Date` has been shifted; the two real clocks differ by a few milliseconds, which is no shift. */
function shiftOfDate(): number {
  const shiftMs = Date.now() - realNow();
  return Math.abs(shiftMs) < 100 ? 0 : shiftMs;
}

/**
 * The simulated time: the real one plus an offset. A new one begins at what `Date` says, and is independent of it from
 * then on: a host process shifts its `Date` to follow this clock.
 */
export class Clock {
  offsetMs: number;
  readonly #listeners = new Set<(offsetMs: number) => void>();

  constructor(offsetMs = shiftOfDate()) {
    this.offsetMs = offsetMs;
  }

  /** Epoch milliseconds, whole. */
  now(): number {
    return realNow() + this.offsetMs;
  }

  advance(ms: number): void {
    this.offsetMs += ms;
    for (const listener of this.#listeners) listener(this.offsetMs);
  }

  /** Calls back with the new offset; returns how to stop. */
  onChange(listener: (offsetMs: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** ESI writes times without milliseconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
