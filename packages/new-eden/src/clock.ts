// Taken once: a test that fakes its timers must not stop the simulated world.
const elapsedMs = performance.now.bind(performance);

/** The simulated time: the real one plus an offset. Independent of `Date`, which a host process may have shifted. */
export class Clock {
  offsetMs: number;
  readonly #listeners = new Set<(offsetMs: number) => void>();

  constructor(offsetMs = 0) {
    this.offsetMs = offsetMs;
  }

  /** Epoch milliseconds, whole. */
  now(): number {
    return Math.floor(performance.timeOrigin + elapsedMs()) + this.offsetMs;
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
