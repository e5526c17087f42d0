import { ttlAt } from "../platform/db/index.ts";
import { subscriptions } from "./subscription.entity.ts";

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
export async function hasSubscriber(topic: string): Promise<boolean> {
  const { data } = await subscriptions()
    .query.byTopic({ topic })
    .go({ limit: 1, consistent: true, attributes: ["topic"] });
  return data.length > 0;
}
