import { corporation } from "../owner/index.ts";
import { compose, send, sendIfSubscribed, topicOf, userTopic } from "../push/index.ts";
import type { DirectorState } from "./rows.ts";

interface DirectorFailure {
  corporationId: number;
  director: Pick<DirectorState, "characterId" | "name" | "userId">;
  /** `code` is listed in docs/errors.md, `message` a sentence. */
  reason: { code: string; message: string };
  tokenDied: boolean;
}

/** Pushes to the corporation's users that a director stopped working, and to the pilot if the token died. */
export async function announceFailure({ corporationId, director, reason, tokenDied }: DirectorFailure): Promise<void> {
  const { characterId, name, userId } = director;
  const data = { corporationId, characterId, name, reason: reason.code, message: reason.message };
  // Sent even if no page is open: the notice is kept for the pilot.
  if (tokenDied) await send([compose("token.died", userTopic(userId), data)]);
  const topic = topicOf(corporation(corporationId));
  await sendIfSubscribed(topic, () => compose("director.failed", topic, data));
}
