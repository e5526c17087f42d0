import * as Queue from "../platform/queue/index.ts";
import { compose, Message, sessionTopic, userTopic } from "./message.ts";
import { hasSubscriber } from "./subscriptions.ts";

/** Sends messages to the queue that delivers to browsers. */
export const send = (messages: readonly Message[]): Promise<void> =>
  Queue.send(
    "realtime",
    Message,
    messages.map((message) => ({ message })),
  );

/** Sends only if someone is subscribed; checking is one read, a tenth of what a message costs. */
export async function sendIfSubscribed(topic: string, make: () => Message | Promise<Message>): Promise<void> {
  if (await hasSubscriber(topic)) await send([await make()]);
}

export interface Notice {
  /** Same name as in the audit trail: `director.removed`. */
  action: string;
  /** What happened and who did it, in a sentence. */
  message: string;
  corporationId?: number;
  /** Until when (ISO 8601) the notice matters and is kept; a week by default. */
  until?: string;
}

/**
 * Notifies users of an act of somebody else: at once if they have a page open, otherwise at their next visit.
 *
 * @example await notify([userId], { action: "director.removed", message: "Ann removed Bob from Acme's directors." })
 */
export const notify = (userIds: Iterable<string>, notice: Notice): Promise<void> =>
  send([...new Set(userIds)].map((userId) => compose("notice", userTopic(userId), { ...notice })));

/** Closes the sockets of these sessions. It takes the queue because only its consumer can reach connections. */
export const closeSockets = (sessionIds: readonly string[]): Promise<void> =>
  send(sessionIds.map((sessionId) => compose("session.ended", sessionTopic(sessionId), {})));
