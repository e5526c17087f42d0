import type { QueryClient } from "@tanstack/react-query";
import { onMessage, readAgain } from "../api/live.ts";
import { notify, notifyError } from "../ui/notify.ts";
import { charactersQuery } from "./query.ts";

/** Says at once when a token died, since its corporations go stale until somebody mends it. */
export function followCharacters(queries: QueryClient): () => void {
  return onMessage((message) => {
    // What happened before the subscription was told to nobody.
    if (message.type === "subscribed" && message.data.topics.includes("user")) void readAgain(queries, charactersQuery);
    // What somebody else did to a corporation or its directors.
    if (message.type === "notice") notify(message.data.message);
    if (message.type !== "token.died") return;
    const characters = queries.getQueryData(charactersQuery.queryKey);
    const name = characters?.find((one) => one.characterId === message.data.characterId)?.name ?? "A character";
    notifyError(`${name}'s token died`, { description: "See Characters for how to mend it." });
    void readAgain(queries, charactersQuery);
  });
}
