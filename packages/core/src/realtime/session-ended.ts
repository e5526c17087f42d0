import * as Queue from "../queue/index.ts";
import { compose, Message, sessionTopic } from "./message.ts";

// Apart from index.ts because sessions end in places that know nothing of sockets.

/** Has the sockets of these sessions closed. By the queue, since only its consumer may touch connections. */
export const sessionsEnded = (sessionIds: readonly string[]): Promise<void> =>
  Queue.send(
    "realtime",
    Message,
    sessionIds.map((sessionId) => ({ message: compose("session.ended", sessionTopic(sessionId), {}) })),
  );
