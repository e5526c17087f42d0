import type { QueryClient } from "@tanstack/react-query";
import { learnServerTime } from "./clock.ts";
import type { SocketMessage } from "./contract.ts";

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** Whose data the answer is made of, and of which datasets: what must happen for it to be read again. */
      corporationId?: number;
      datasets?: string[];
    };
  }
}

/** Among a query's datasets: made of all of them. */
export const EVERY_DATASET = "*";

/** Reads again what was made from this dataset of this corporation; everything else stays as it is. */
export function invalidateDataset(queries: QueryClient, corporationId: number, dataset: string): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ meta }) =>
      meta?.corporationId === corporationId &&
      (meta.datasets?.some((each) => each === dataset || each === EVERY_DATASET) ?? false),
  });
}

type Listener = (message: SocketMessage) => void;

const listeners = new Set<Listener>();

/** Domain folders listen for the messages that concern them. */
export function onMessage(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function publish(message: SocketMessage): void {
  learnServerTime(Date.parse(message.at));
  for (const listener of listeners) listener(message);
}
