import * as z from "zod";
import * as Access from "../../access/index.ts";
import * as Session from "../../identity/session/index.ts";
import { keyOf } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Push from "../../push/index.ts";
import { Connection, close, connectionLifeMs, type Holder, holderOf, isCurrent } from "./connection.ts";
import * as Quota from "./quota.ts";
import { notices } from "./socket.entity.ts";

export { close, connect, disconnect } from "./connection.ts";
export { deliver } from "./deliver.ts";
export { post } from "./gateway.ts";
export { admit } from "./quota.ts";

/**
 * The owners among some topics that a user can read, as keys. One read answers for all topics of a kind. It can miss what
 * was just linked, so a few of the missing ones are looked up one by one.
 */
async function readableOwners(userId: string, topics: readonly string[]): Promise<Set<string>> {
  const named = topics.map(Push.ownerOfTopic).filter((owner) => owner !== undefined);
  const wanted = [...new Map(named.map((owner) => [keyOf(owner), owner])).values()];
  if (wanted.length === 0) return new Set();
  const readable = await Access.readableAmong(userId, wanted);
  const missing = wanted.filter((owner) => !readable.has(keyOf(owner)));
  const lookedUp = missing.slice(0, Quota.takeLookUps(userId, missing.length));
  const answers = await Promise.all(lookedUp.map((owner) => Access.canRead(userId, owner)));
  return new Set([...readable, ...lookedUp.filter((_, index) => answers[index]).map(keyOf)]);
}

const maxTopics = 50;
const Topics = Connection.extend({ topics: z.array(z.string().max(100)).max(maxTopics) });

/** The holder of a connection while its session lives; otherwise the connection is closed. */
async function livingHolder(connectionId: string): Promise<Holder | undefined> {
  const holder = await holderOf(connectionId);
  // A ticket can be redeemed just after its session has ended.
  if (holder && (await Session.isAlive(holder.sessionId))) return holder;
  await close(connectionId);
  return undefined;
}

/** `user` is short for the asking user's own topic. */
const wholeTopic = (topic: string, userId: string): string => (topic === "user" ? Push.userTopic(userId) : topic);

/**
 * Subscribes a connection to `user` (the user's own topic) and to `corporation:<id>` and `character:<id>` of
 * those that the user can read. Returns the answer, with the refused topics, and the notices that are not acknowledged yet. Closes a socket of
 * which too many topics were refused.
 */
export const subscribe = fn(Topics, async ({ connectionId, topics }): Promise<Push.Message[]> => {
  Actor.assertSystem();
  const holder = await livingHolder(connectionId);
  if (!holder) return [];
  const { userId } = holder;
  const readable = await readableOwners(userId, topics);
  const isGranted = (topic: string) => {
    const owner = Push.ownerOfTopic(topic);
    return topic === "user" || (owner !== undefined && readable.has(keyOf(owner)));
  };
  const granted = topics.filter(isGranted);
  const refused = topics.filter((topic) => !isGranted(topic));
  if (Quota.refuse(connectionId, refused.length)) {
    await close(connectionId, { forAbuse: true });
    return [];
  }
  const added = granted.map((topic) => ({ topic: wholeTopic(topic, userId), connectionId, userId }));
  await Push.subscribe(added, Date.now() + connectionLifeMs);
  const answer = Push.compose("subscribed", "connection", { topics: granted, refused });
  if (!topics.includes("user")) return [answer];
  const { data } = await notices().query.byUser({ userId }).go({ pages: "all" });
  return [answer, ...data.filter(isCurrent).map((notice) => notice.message as Push.Message)];
});

export const unsubscribe = fn(Topics, async ({ connectionId, topics }) => {
  Actor.assertSystem();
  const holder = await holderOf(connectionId);
  if (!holder) return;
  const stored = topics.map((topic) => wholeTopic(topic, holder.userId));
  await Push.unsubscribe(connectionId, stored);
});

/** Answers a ping. A socket whose rows are deleted is closed: its browser then connects and subscribes again. */
export const ping = fn(Connection, async ({ connectionId }): Promise<Push.Message[]> => {
  Actor.assertSystem();
  if (await holderOf(connectionId)) return [Push.compose("pong", "connection", {})];
  await close(connectionId);
  return [];
});

/** Acknowledges notices: they are not sent again. Reading first is cheap: deleting a notice that is gone would cost more. */
export const acknowledge = fn(
  Connection.extend({ ids: z.array(z.string().max(40)).max(100) }),
  async ({ connectionId, ids }) => {
    Actor.assertSystem();
    const holder = await holderOf(connectionId);
    if (!holder) return;
    const { userId } = holder;
    const { data } = await notices()
      .query.byUser({ userId })
      .go({ pages: "all", attributes: ["id"] });
    const known = data.filter(({ id }) => ids.includes(id));
    await notices()
      .delete(known.map(({ id }) => ({ userId, id })))
      .go();
  },
);
