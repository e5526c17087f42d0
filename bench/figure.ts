/** One measured figure. `goal` says in words what it is held against; the unit of a ratio is `x`. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  goal?: string;
  detail?: string;
}

/** A benchmark: a file `bench/*.bench.ts` exports one as its default. */
export interface Bench {
  name: string;
  run: () => Promise<Figure[]>;
}

/** The median of several runs of the same thing: one run that was disturbed does not count. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** Milliseconds that `body` takes, and what it gives. */
export async function timed<T>(body: () => Promise<T> | T): Promise<{ ms: number; result: T }> {
  const startedAt = performance.now();
  const result = await body();
  return { ms: performance.now() - startedAt, result };
}
