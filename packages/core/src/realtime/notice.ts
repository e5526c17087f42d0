import * as Queue from "../queue/index.ts";
import { compose, Message, userTopic } from "./message.ts";

// Apart from index.ts because what people are told of happens in places that know nothing of sockets.

export interface Notice {
  /** As the audit trail calls it: `director.removed`. */
  action: string;
  /** What happened and who did it, in a sentence. */
  message: string;
  corporationId?: number;
  /** The moment (ISO 8601) to which it matters: kept for so long instead of a week. */
  until?: string;
}

/** Tells users what somebody else did: at once where a page is open, else at their next visit. */
export const noticeTo = (userIds: Iterable<string>, notice: Notice): Promise<void> =>
  Queue.send(
    "realtime",
    Message,
    [...new Set(userIds)].map((userId) => ({ message: compose("notice", userTopic(userId), { ...notice }) })),
  );
