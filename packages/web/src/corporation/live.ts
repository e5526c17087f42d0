import type { QueryClient } from "@tanstack/react-query";
import type { SocketMessage } from "../api/contract.ts";
import { invalidateDataset, onMessage, readAgain } from "../api/live.ts";
import { soon } from "../api/soon.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { corporationQuery, corporationsQuery, directorsQuery, freshnessQuery } from "./query.ts";
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
        return catchUp(queries, message.data);
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
 * Nobody is told what happened before they were subscribed, at first or again after a broken connection: whatever was read
 * of these corporations until now may be older than what the socket will tell from now on.
 */
function catchUp(queries: QueryClient, { topics }: Of<"subscribed">): void {
  for (const topic of topics) {
    const [, id] = /^corporation:(\d+)$/.exec(topic) ?? [];
    if (id) void readAgain(queries, { queryKey: corporationQuery(Number(id)).queryKey });
  }
  void readAgain(queries, corporationsQuery);
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
