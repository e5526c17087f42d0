import * as z from "zod";
import * as Access from "../access/index.ts";
import * as Actor from "../actor/index.ts";
import { ttlAt } from "../db/index.ts";
import { fn } from "../fn/index.ts";
import * as Sessions from "../session/sessions.ts";
import * as Conduct from "./conduct.ts";
import {
  Connection,
  close,
  closeSession,
  connectionLifeMs,
  disconnect,
  isCurrent,
  type Owner,
  ownerOf,
  post,
} from "./connection.ts";
import { compose, Message, userTopic } from "./message.ts";
import { notices, subscriptions } from "./realtime.entity.ts";

export { admit } from "./conduct.ts";
export { close, connect, disconnect, post } from "./connection.ts";
export { Message } from "./message.ts";
export { datasetProgress, datasetRefreshed, directorFailed, tokenDied } from "./publish.ts";

/** A notice that nobody acknowledges is kept this long, if it does not say itself. */
const noticeLifeMs = 7 * 86_400_000;

const corporationOf = (topic: string): number | undefined => {
  const [, id] = /^corporation:([1-9]\d{0,14})$/.exec(topic) ?? [];
  return id === undefined ? undefined : Number(id);
};

/**
 * The corporations among the topics that the user may see. One read answers for all topics; only a few that it does not
 * show are looked up one by one, since a director added just now may be missing there.
 */
async function corporationsSeen(userId: string, topics: readonly string[]): Promise<Set<number>> {
  const wanted = [...new Set(topics.map(corporationOf).filter((id) => id !== undefined))];
  if (wanted.length === 0) return new Set();
  const seen = await Access.seenAmong(userId, wanted);
  const missing = wanted.filter((id) => !seen.has(id));
  const lookedUp = missing.slice(0, Conduct.takeLookUps(userId, missing.length));
  const answers = await Promise.all(lookedUp.map((id) => Access.maySee(userId, id)));
  return new Set([...seen, ...lookedUp.filter((_, index) => answers[index])]);
}

const maxTopics = 50;
const Topics = Connection.extend({ topics: z.array(z.string().max(100)).max(maxTopics) });

/** The owner, if the session that the socket was opened under still lives; else the socket is closed. */
async function livingOwner(connectionId: string): Promise<Owner | undefined> {
  const owner = await ownerOf(connectionId);
  // A ticket may be redeemed just after its session has ended.
  if (owner && (await Sessions.lives(owner.sessionId))) return owner;
  await close(connectionId);
  return undefined;
}

async function subscribeTo(connectionId: string, { userId }: Owner, topics: readonly string[]): Promise<void> {
  const expiresAt = ttlAt(Date.now() + connectionLifeMs);
  const stored = topics.map((topic) => ({
    topic: topic === "user" ? userTopic(userId) : topic,
    connectionId,
    userId,
    expiresAt,
  }));
  await Promise.all(stored.map((each) => subscriptions().put(each).go()));
}

/**
 * Subscribes a connection; answers which topics were refused. Notices not yet acknowledged follow at once. `user` is the
 * asker's own topic; `corporation:<id>` needs the right to see it. A socket that is refused too much is closed.
 */
export const subscribe = fn(Topics, async ({ connectionId, topics }): Promise<Message[]> => {
  Actor.assertSystem();
  const owner = await livingOwner(connectionId);
  if (!owner) return [];
  const seen = await corporationsSeen(owner.userId, topics);
  const isGranted = (topic: string) => topic === "user" || seen.has(corporationOf(topic) ?? 0);
  const granted = topics.filter(isGranted);
  const refused = topics.filter((topic) => !isGranted(topic));
  if (Conduct.refuse(connectionId, refused.length)) {
    await close(connectionId, { forAbuse: true });
    return [];
  }
  await subscribeTo(connectionId, owner, granted);
  const answer = compose("subscribed", "connection", { topics: granted, refused });
  if (!topics.includes("user")) return [answer];
  const { data } = await notices().query.byUser({ userId: owner.userId }).go({ pages: "all" });
  return [answer, ...data.filter(isCurrent).map((notice) => notice.message as Message)];
});

export const unsubscribe = fn(Topics, async ({ connectionId, topics }) => {
  Actor.assertSystem();
  const owner = await ownerOf(connectionId);
  if (!owner) return;
  const stored = topics.map((topic) => (topic === "user" ? userTopic(owner.userId) : topic));
  await subscriptions()
    .delete(stored.map((topic) => ({ topic, connectionId })))
    .go();
});

/** Answers a ping. A socket that has been forgotten is closed: its browser comes back and subscribes anew. */
export const ping = fn(Connection, async ({ connectionId }): Promise<Message[]> => {
  Actor.assertSystem();
  if (await ownerOf(connectionId)) return [compose("pong", "connection", {})];
  await close(connectionId);
  return [];
});

/** Acknowledges notices: they are not sent again. A look at what is there costs a fraction of deleting what is not. */
export const acknowledge = fn(
  Connection.extend({ ids: z.array(z.string().max(40)).max(100) }),
  async ({ connectionId, ids }) => {
    Actor.assertSystem();
    const owner = await ownerOf(connectionId);
    if (!owner) return;
    const { userId } = owner;
    const { data } = await notices()
      .query.byUser({ userId })
      .go({ pages: "all", attributes: ["id"] });
    const known = data.filter(({ id }) => ids.includes(id));
    await notices()
      .delete(known.map(({ id }) => ({ userId, id })))
      .go();
  },
);

const after = (prefix: string, topic: string): string | undefined =>
  topic.startsWith(prefix) ? topic.slice(prefix.length) : undefined;

/** Whether a subscriber may still see the topic; a right that was taken away counts at once. */
async function stillAllowed(topic: string, userId: string, checked: Map<string, Promise<boolean>>): Promise<boolean> {
  const id = /^corporation:(\d+)$/.exec(topic)?.[1];
  if (!id) return true;
  const known = checked.get(userId) ?? Access.maySee(userId, Number(id));
  checked.set(userId, known);
  return known;
}

async function keepNotice(userId: string, message: Message): Promise<void> {
  const { until } = message.data;
  const expiresAt = ttlAt(typeof until === "string" ? Date.parse(until) : Date.now() + noticeLifeMs);
  await notices().put({ userId, id: message.id, message, expiresAt }).go();
}

/**
 * Delivers a message to everyone who listens to its topic; connections that are gone are forgotten. A delivery that fails
 * holds up no other, and has the queue bring the message again: its id tells a browser that it knows it already.
 */
export const deliver = fn(Message, async (message) => {
  Actor.assertSystem();
  const sessionId = after("session:", message.topic);
  if (sessionId) return closeSession(sessionId);
  const userId = after("user:", message.topic);
  if (userId) await keepNotice(userId, message);
  const { data } = await subscriptions().query.byTopic({ topic: message.topic }).go({ pages: "all" });
  const payload = new TextEncoder().encode(JSON.stringify(message));
  const checked = new Map<string, Promise<boolean>>();
  const deliveries = await Promise.allSettled(
    data.map(async ({ connectionId, userId: listener }) => {
      if (!(await stillAllowed(message.topic, listener, checked))) return;
      if (!(await post(connectionId, payload))) await disconnect({ connectionId });
    }),
  );
  const failed = deliveries.find((delivery) => delivery.status === "rejected");
  if (failed) throw failed.reason;
});
