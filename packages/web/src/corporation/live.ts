import type { QueryClient } from "@tanstack/react-query";
import { invalidateDataset, onMessage } from "../api/live.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { corporationsQuery, directorsQuery, freshnessQuery } from "./query.ts";
import { changeWords, mergeFreshness } from "./status.ts";

/** The corporation list counts fresh datasets; a burst of refreshes makes it read again once. */
const LIST_DELAY_MS = 1_500;

/** Puts what the socket says about corporations into the query cache. */
export function followCorporations(queries: QueryClient): () => void {
  let listTimer: ReturnType<typeof setTimeout> | undefined;
  const forget = onMessage((message) => {
    if (message.type === "director.failed") {
      notifyError(`${message.data.name} cannot fetch any more`, { description: message.data.message });
      void queries.invalidateQueries(directorsQuery(message.data.corporationId));
      return;
    }
    if (message.type !== "dataset.refreshed" && message.type !== "dataset.progress") return;
    const { corporationId, dataset, freshness } = message.data;
    queries.setQueryData(freshnessQuery(corporationId).queryKey, (board) => board && mergeFreshness(board, freshness));
    if (message.type !== "dataset.refreshed") return;
    clearTimeout(listTimer);
    listTimer = setTimeout(() => void queries.invalidateQueries(corporationsQuery), LIST_DELAY_MS);
    void invalidateDataset(queries, corporationId, dataset);
    const { summary } = message.data;
    const words = changeWords(summary);
    if (!words) return;
    // The first import is expected, and all datasets of a new corporation arrive at once: the board shows them.
    if (summary.added === summary.total) return;
    const corporations = queries.getQueryData(corporationsQuery.queryKey) ?? [];
    const ticker = corporations.find((one) => one.corporationId === corporationId)?.ticker;
    notify(corporations.length > 1 && ticker ? `${ticker}: ${freshness.title}` : freshness.title, {
      id: `${corporationId}-${dataset}`,
      description: words,
    });
  });
  return () => {
    clearTimeout(listTimer);
    forget();
  };
}
