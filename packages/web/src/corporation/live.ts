import type { Query, QueryClient } from "@tanstack/react-query";
import { serverNow } from "../api/clock.ts";
import type { SocketMessage } from "../api/contract.ts";
import { invalidateDataset, isMadeFrom, onMessage, readAgain } from "../api/live.ts";
import { soon } from "../api/soon.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { corporationsQuery, directorsQuery, freshnessQuery } from "./query.ts";
import { changeWords, mergeFreshness } from "./status.ts";

/** What counts or sums up refreshes is read again once for a burst of them. */
const BURST_MS = 1_500;

type Of<Type extends SocketMessage["type"]> = Extract<SocketMessage, { type: Type }>["data"];

/** Puts what the socket says about corporations into the query cache. */
export function followCorporations(queries: QueryClient, burstMs = BURST_MS): () => void {
  const reading = soon((queryKey) => void readAgain(queries, { queryKey }), burstMs);
  const forget = onMessage((message) => {
    switch (message.type) {
      case "subscribed":
        return void catchUp(queries, message.data);
      case "director.failed":
        notifyError(`${message.data.name} cannot fetch any more`, { description: message.data.message });
        return void readAgain(queries, directorsQuery(message.data.corporationId));
      case "dataset.progress":
        return note(queries, message.data);
      case "dataset.refreshed":
        note(queries, message.data);
        void invalidateDataset(queries, message.data.corporationId, message.data.dataset);
        // The list counts fresh datasets; a refresh spends a director's budget, and may heal or trouble them.
        reading.ask(corporationsQuery.queryKey);
        reading.ask(directorsQuery(message.data.corporationId).queryKey);
        return tell(queries, message.data);
    }
  });
  return () => {
    reading.stop();
    forget();
  };
}

/**
 * Nobody is told what happened before they were subscribed, at first or again after a broken connection. The board tells:
 * it is read again, and after it what was made from a dataset that has changed since it was read.
 */
async function catchUp(queries: QueryClient, { topics }: Of<"subscribed">): Promise<void> {
  const ids = topics.flatMap((topic) => /^corporation:(\d+)$/.exec(topic)?.[1] ?? []).map(Number);
  void readAgain(queries, corporationsQuery);
  await Promise.all(
    ids.map(async (corporationId) => {
      void readAgain(queries, directorsQuery(corporationId));
      await readAgain(queries, freshnessQuery(corporationId));
      await readOutdated(queries, corporationId);
    }),
  );
}

/**
 * Changes are stamped once they can be read. This is for an answer that took its time, and for the browser's idea of the
 * server's clock, which is good to a second or two.
 */
const LEEWAY_MS = 10_000;

/**
 * Reads again what is older than the datasets it was made from are said to be. Where the board could not be read again, or
 * nobody shows it, that is everything.
 */
async function readOutdated(queries: QueryClient, corporationId: number): Promise<void> {
  const { data: board, isInvalidated = true } = queries.getQueryState(freshnessQuery(corporationId).queryKey) ?? {};
  const ahead = serverNow() - Date.now();
  const isOutdated = ({ state, meta }: Query): boolean => {
    if (!board || isInvalidated) return meta?.corporationId === corporationId;
    const readAt = (state.dataUpdatedAt || Date.now()) + ahead - LEEWAY_MS;
    return board.some(
      ({ dataset, changedAt = "" }) => isMadeFrom(corporationId, dataset, meta) && Date.parse(changedAt) > readAt,
    );
  };
  await readAgain(queries, { predicate: isOutdated });
}

function note(queries: QueryClient, { corporationId, freshness }: Of<"dataset.progress">): void {
  queries.setQueryData(freshnessQuery(corporationId).queryKey, (board) => board && mergeFreshness(board, freshness));
}

function tell(queries: QueryClient, { corporationId, dataset, freshness, summary }: Of<"dataset.refreshed">): void {
  const words = changeWords(summary);
  // The first import is expected, and all datasets of a new corporation arrive at once: the board shows them.
  if (!words || summary.added === summary.total) return;
  const corporations = queries.getQueryData(corporationsQuery.queryKey) ?? [];
  const ticker = corporations.find((one) => one.corporationId === corporationId)?.ticker;
  notify(corporations.length > 1 && ticker ? `${ticker}: ${freshness.title}` : freshness.title, {
    id: `${corporationId}-${dataset}`,
    description: words,
  });
}
