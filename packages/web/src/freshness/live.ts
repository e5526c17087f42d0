import type { Query, QueryClient } from "@tanstack/react-query";
import { serverNow } from "../api/clock.ts";
import { onMessage } from "../api/connection.ts";
import type { Freshness, SocketMessage } from "../api/contract.ts";
import { debounceOnce } from "../api/debounce-once.ts";
import { isSameOwner, type Owner, ownerOfTopic } from "../api/owner.ts";
import { invalidateDataset, isMadeFrom, readAgain } from "../api/read-again.ts";
import { charactersQuery } from "../character/query.ts";
import { corporationsQuery } from "../corporation/query.ts";
import { directorsQuery } from "../director/query.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { freshnessQuery } from "./query.ts";
import { changeWords, mergeFreshness } from "./status.ts";

/** Queries that count or sum up refreshes are read again once for a burst of them. */
const BURST_MS = 1_500;

type Message<Type extends SocketMessage["type"]> = Extract<SocketMessage, { type: Type }>;

/** Puts what the socket says about owners and their datasets into the query cache. */
export function followOwners(queries: QueryClient, burstMs = BURST_MS): () => void {
  const reread = debounceOnce((queryKey) => void readAgain(queries, { queryKey }), burstMs);
  const stopListening = onMessage((message) => {
    switch (message.type) {
      case "subscribed":
        return void catchUp(queries, message.data.topics);
      case "director.failed":
        notifyError(`${message.data.name} can no longer fetch data`, { description: message.data.message });
        return void readAgain(queries, directorsQuery(message.data.corporationId));
      case "dataset.progress":
      case "dataset.refreshed": {
        const owner = ownerOfTopic(message.topic);
        if (!owner) return;
        putState(queries, owner, message.data.freshness);
        if (message.type === "dataset.progress") return;
        void invalidateDataset(queries, owner, message.data.dataset);
        notifyOfChanges(queries, owner, message.data);
        if (owner.kind !== "corporation") return;
        // The list counts fresh datasets; a refresh spends a director's budget, and may heal or trouble them.
        reread.ask(corporationsQuery.queryKey);
        reread.ask(directorsQuery(owner.id).queryKey);
      }
    }
  });
  return () => {
    reread.stop();
    stopListening();
  };
}

/**
 * The socket does not repeat what happened before a subscription, the first one or one after a broken connection. The board
 * is read again, and after it what was made from a dataset that has changed since it was read.
 */
async function catchUp(queries: QueryClient, topics: readonly string[]): Promise<void> {
  void readAgain(queries, corporationsQuery);
  await Promise.all(
    topics.map(async (topic) => {
      const owner = ownerOfTopic(topic);
      if (!owner) return;
      if (owner.kind === "corporation") void readAgain(queries, directorsQuery(owner.id));
      await readAgain(queries, freshnessQuery(owner));
      await readOutdated(queries, owner);
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
 * nobody shows it, that is everything of the owner.
 */
async function readOutdated(queries: QueryClient, owner: Owner): Promise<void> {
  const { data: board, isInvalidated = true } = queries.getQueryState(freshnessQuery(owner).queryKey) ?? {};
  const ahead = serverNow() - Date.now();
  const isOutdated = ({ state, meta }: Query): boolean => {
    if (!board || isInvalidated) return isSameOwner(owner, meta?.owner);
    const readAt = (state.dataUpdatedAt || Date.now()) + ahead - LEEWAY_MS;
    return board.some(
      ({ dataset, changedAt = "" }) => isMadeFrom(owner, dataset, meta) && Date.parse(changedAt) > readAt,
    );
  };
  await readAgain(queries, { predicate: isOutdated });
}

function putState(queries: QueryClient, owner: Owner, freshness: Freshness): void {
  queries.setQueryData(freshnessQuery(owner).queryKey, (board) => board && mergeFreshness(board, freshness));
}

function notifyOfChanges(
  queries: QueryClient,
  owner: Owner,
  { dataset, freshness, summary }: Message<"dataset.refreshed">["data"],
): void {
  const words = changeWords(summary);
  // The first import is expected, and all datasets of a new owner arrive at once: the board shows them.
  if (!words || summary.added === summary.total) return;
  const name = shortName(queries, owner);
  notify(name ? `${name}: ${freshness.title}` : freshness.title, {
    id: `${owner.id}-${dataset}`,
    description: words,
  });
}

/** What tells this owner from the others on the page; undefined for the only corporation. */
function shortName(queries: QueryClient, { kind, id }: Owner): string | undefined {
  if (kind === "character") {
    return queries.getQueryData(charactersQuery.queryKey)?.find(({ characterId }) => characterId === id)?.name;
  }
  const corporations = queries.getQueryData(corporationsQuery.queryKey) ?? [];
  if (corporations.length < 2) return undefined;
  return corporations.find(({ corporationId }) => corporationId === id)?.ticker;
}
