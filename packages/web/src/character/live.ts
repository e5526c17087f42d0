import type { QueryClient } from "@tanstack/react-query";
import { onMessage } from "../api/connection.ts";
import { readAgain } from "../api/read-again.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { charactersQuery } from "./query.ts";

/** Reports a dead token at once: its corporations go stale until somebody logs in again. */
export function followCharacters(queries: QueryClient): () => void {
  return onMessage((message) => {
    // The socket does not repeat what happened before the subscription.
    if (message.type === "subscribed" && message.data.topics.includes("user")) void readAgain(queries, charactersQuery);
    // Another user's action on a corporation or its directors.
    if (message.type === "notice") notify(message.data.message);
    if (message.type !== "token.died") return;
    const characters = queries.getQueryData(charactersQuery.queryKey);
    const name = characters?.find((one) => one.characterId === message.data.characterId)?.name ?? "A character";
    notifyError(`${name}'s token died`, { description: "See Characters for how to mend it." });
    void readAgain(queries, charactersQuery);
  });
}
