import * as Refresh from "@tapi/core/engine/refresh";

/** What could not be done of a message goes on by itself. */
export interface Rest<T> {
  message: T;
  /** Why it could not be done; absent: nobody said. */
  error?: unknown;
}

/**
 * A worker that was killed leaves no reason. Once may be chance or a throttled delivery; a message that comes for the third
 * time has something in it that kills.
 */
const deathsAreNoChance = 3;

const single = (message: Refresh.Message, dataset: string): Refresh.Message => ({ ...message, datasets: [dataset] });

/** Each dataset that failed goes on with a message of its own, so that the dead letter it may become is about it alone. */
export function afterFailure(message: Refresh.Message, error: unknown): Rest<Refresh.Message>[] {
  if (!(error instanceof Refresh.UnfinishedError)) return [];
  return [...error.failures].map(([dataset, cause]) => ({ message: single(message, dataset), error: cause }));
}

/** All datasets of a message that kills its workers go on with a message of their own: one of them dies alone. */
export function beforeWork(message: Refresh.Message, deliveries: number): Rest<Refresh.Message>[] {
  if (deliveries < deathsAreNoChance || message.datasets.length === 1) return [];
  return message.datasets.map((dataset) => ({ message: single(message, dataset) }));
}
