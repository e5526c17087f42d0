import * as Access from "../../access/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { ttlAt } from "../../platform/db/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Push from "../../push/index.ts";
import { closeSession, disconnect } from "./connection.ts";
import { post } from "./gateway.ts";
import { notices } from "./socket.entity.ts";

/** A notice without an end of its own is kept this long if nobody acknowledges it. */
const noticeLifeMs = 7 * 86_400_000;

const after = (prefix: string, topic: string): string | undefined =>
  topic.startsWith(prefix) ? topic.slice(prefix.length) : undefined;

/** Whether a subscriber can still read the topic: a right that was taken away ends delivery at once. */
async function stillAllowed(topic: string, userId: string, checked: Map<string, Promise<boolean>>): Promise<boolean> {
  const owner = Push.ownerOfTopic(topic);
  if (!owner) return true;
  const known = checked.get(userId) ?? Access.canRead(userId, owner);
  checked.set(userId, known);
  return known;
}

async function keepNotice(userId: string, message: Push.Message): Promise<void> {
  const { until } = message.data;
  const expiresAt = ttlAt(typeof until === "string" ? Date.parse(until) : Date.now() + noticeLifeMs);
  await notices().put({ userId, id: message.id, message, expiresAt }).go();
}

/**
 * Delivers a message to the connections that are subscribed to its topic, and deletes connections that are gone. A delivery
 * that fails stops no other one; it makes the queue send the message again, and browsers ignore an id that they know.
 */
export const deliver = fn(Push.Message, async (message) => {
  Actor.assertSystem();
  const sessionId = after("session:", message.topic);
  if (sessionId) return closeSession(sessionId);
  const userId = after("user:", message.topic);
  if (userId) await keepNotice(userId, message);
  const payload = new TextEncoder().encode(JSON.stringify(message));
  const checked = new Map<string, Promise<boolean>>();
  const deliveries = await Promise.allSettled(
    (await Push.subscribersOf(message.topic)).map(async ({ connectionId, userId: subscriber }) => {
      if (!(await stillAllowed(message.topic, subscriber, checked))) return;
      if (!(await post(connectionId, payload))) await disconnect({ connectionId });
    }),
  );
  const failed = deliveries.find((delivery) => delivery.status === "rejected");
  if (failed) throw failed.reason;
});
