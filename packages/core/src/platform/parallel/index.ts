/**
 * Runs `body` for one item after the other, at most `lanes` at a time. After a failure no more are begun; it is thrown once
 * those that had begun have ended.
 */
export async function mapConcurrent<T>(
  lanes: number,
  items: Iterable<T>,
  body: (item: T) => Promise<unknown>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async () => {
    while (failures.length === 0) {
      const { done, value } = iterator.next();
      if (done) return;
      await body(value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
}

/** Waits until all have ended, whatever became of the others; then throws what the first one that failed threw. */
export async function allSettled(all: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(all);
  await Promise.all(all);
}
