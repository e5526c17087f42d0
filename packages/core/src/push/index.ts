import { ulid } from "ulid";
import * as z from "zod";
import { Owner } from "../owner/index.ts";
import { ttlAt } from "../platform/db/index.ts";
import * as Queue from "../platform/queue/index.ts";
import { subscriptions } from "./subscription.entity.ts";

// Messages to browsers: topics, who is subscribed to them, and the queue that delivers. Connections are product/socket's.

/** A message to browsers. `topic` decides who gets it; `id` ascends with time. */
export const Message = z.object({
  id: z.string(),
  type: z.string(),
  topic: z.string(),
  at: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
});
export type Message = z.infer<typeof Message>;

/** What concerns an owner, e.g. `corporation:98000001`. */
export const topicOf = ({ kind, id }: Owner): string => `${kind}:${id}`;

/** The owner whose topic it is; undefined for every other topic. */
export function ownerOfTopic(topic: string): Owner | undefined {
  const [, kind, id] = /^([a-z]+):([1-9]\d{0,14})$/.exec(topic) ?? [];
  const owner = Owner.safeParse({ kind, id: Number(id) });
  return owner.success ? owner.data : undefined;
}

export const userTopic = (userId: string): string => `user:${userId}`;
/** Internal: nobody can subscribe to it. */
export const sessionTopic = (sessionId: string): string => `session:${sessionId}`;

/**
 * A message of this moment.
 *
 * @example compose("dataset.refreshed", topicOf(corporation(98000001)), { dataset: "wallets" })
 */
export function compose(type: string, topic: string, data: Record<string, unknown>): Message {
  const now = Date.now();
  return { id: ulid(now), type, topic, at: new Date(now).toISOString(), data };
}

/** That a user's connection receives what is sent to a topic. */
export interface Subscription {
  topic: string;
  connectionId: string;
  userId: string;
}

// Guards: callers have checked that the user can read the topic, and that the connection is the user's.

/** Subscribes a connection to topics until `endsAt` (epoch ms). */
export async function subscribe(added: readonly Subscription[], endsAt: number): Promise<void> {
  const expiresAt = ttlAt(endsAt);
  await Promise.all(
    added.map((each) =>
      subscriptions()
        .put({ ...each, expiresAt })
        .go(),
    ),
  );
}

export async function unsubscribe(connectionId: string, topics: readonly string[]): Promise<void> {
  await subscriptions()
    .delete(topics.map((topic) => ({ topic, connectionId })))
    .go();
}

/** Deletes every subscription of a connection. */
export async function unsubscribeAll(connectionId: string): Promise<void> {
  const { data } = await subscriptions().query.byConnection({ connectionId }).go({ pages: "all" });
  await unsubscribe(
    connectionId,
    data.map(({ topic }) => topic),
  );
}

/** The subscriptions to a topic. A connection that is gone counts until a delivery to it fails. */
export async function subscribersOf(topic: string): Promise<Subscription[]> {
  const { data } = await subscriptions().query.byTopic({ topic }).go({ pages: "all" });
  return data;
}

/** Whether someone is subscribed to a topic. A consistent read: after the answer `subscribed` nothing is missed. */
async function hasSubscriber(topic: string): Promise<boolean> {
  const { data } = await subscriptions()
    .query.byTopic({ topic })
    .go({ limit: 1, consistent: true, attributes: ["topic"] });
  return data.length > 0;
}

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
