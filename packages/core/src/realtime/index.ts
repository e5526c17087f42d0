import {
  ApiGatewayManagementApiClient,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import * as z from "zod";
import * as Access from "../access/index.ts";
import * as Actor from "../actor/index.ts";
import { get } from "../config/index.ts";
import { ttlAt } from "../db/index.ts";
import { fn } from "../fn/index.ts";
import { compose, Message, userTopic } from "./message.ts";
import { connections, notices, subscriptions } from "./realtime.entity.ts";

export { Message } from "./message.ts";
export { datasetProgress, datasetRefreshed, directorFailed, tokenDied } from "./publish.ts";

/** API Gateway ends a connection after two hours; its rows go a little later. */
const connectionLifeMs = 3 * 3_600_000;
/** A notice that nobody acknowledges is kept this long. */
const noticeLifeMs = 7 * 86_400_000;

let cached: { client: ApiGatewayManagementApiClient; endpoint: string } | undefined;

function management(): ApiGatewayManagementApiClient {
  const endpoint = get().SOCKET_MANAGEMENT_ENDPOINT;
  if (cached?.endpoint !== endpoint) cached = { client: new ApiGatewayManagementApiClient({ endpoint }), endpoint };
  return cached.client;
}

const Connection = z.object({ connectionId: z.string().min(1) });

export const connect = fn(Connection.extend({ userId: z.string(), sessionId: z.string() }), async (connection) => {
  Actor.assertSystem();
  const now = Date.now();
  await connections()
    .put({ ...connection, connectedAt: now, expiresAt: ttlAt(now + connectionLifeMs) })
    .go();
});

/** Forgets a connection and everything it listened to. */
export const disconnect = fn(Connection, async ({ connectionId }) => {
  Actor.assertSystem();
  const { data } = await subscriptions().query.byConnection({ connectionId }).go({ pages: "all" });
  await Promise.all([
    subscriptions()
      .delete(data.map(({ topic }) => ({ topic, connectionId })))
      .go(),
    connections().delete({ connectionId }).go(),
  ]);
});

async function ownerOf(connectionId: string): Promise<{ userId: string; sessionId: string } | undefined> {
  const { data } = await connections().get({ connectionId }).go();
  return data ?? undefined;
}

/** `user` is the asker's own topic; `corporation:<id>` needs the right to see it. The stored name, or a refusal. */
async function resolveTopic(topic: string, userId: string): Promise<string | undefined> {
  if (topic === "user") return userTopic(userId);
  const [, id] = /^corporation:(\d{1,15})$/.exec(topic) ?? [];
  return id && (await Access.maySee(userId, Number(id))) ? topic : undefined;
}

const maxTopics = 50;
const Topics = Connection.extend({ topics: z.array(z.string().max(100)).max(maxTopics) });

/** Subscribes a connection; answers which topics were refused. Notices not yet acknowledged follow at once. */
export const subscribe = fn(Topics, async ({ connectionId, topics }): Promise<Message[]> => {
  Actor.assertSystem();
  const owner = await ownerOf(connectionId);
  if (!owner) return [];
  const { userId } = owner;
  const expiresAt = ttlAt(Date.now() + connectionLifeMs);
  const resolved = await Promise.all(
    topics.map(async (topic) => ({ topic, stored: await resolveTopic(topic, userId) })),
  );
  const granted = resolved.filter((each) => each.stored !== undefined);
  await Promise.all(
    granted.map(({ stored }) =>
      subscriptions()
        .put({ topic: stored as string, connectionId, userId, expiresAt })
        .go(),
    ),
  );
  const refused = resolved.filter((each) => each.stored === undefined).map((each) => each.topic);
  const answer = compose("subscribed", "connection", { topics: granted.map((each) => each.topic), refused });
  if (!topics.includes("user")) return [answer];
  const { data } = await notices().query.byUser({ userId }).go({ pages: "all" });
  return [answer, ...data.map((notice) => notice.message as Message)];
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

/** Acknowledges notices: they are not sent again. */
export const acknowledge = fn(
  Connection.extend({ ids: z.array(z.string().max(40)).max(100) }),
  async ({ connectionId, ids }) => {
    Actor.assertSystem();
    const owner = await ownerOf(connectionId);
    if (!owner) return;
    await notices()
      .delete(ids.map((id) => ({ userId: owner.userId, id })))
      .go();
  },
);

/** Sends to one connection; false when it is gone. */
export async function post(connectionId: string, payload: Uint8Array): Promise<boolean> {
  Actor.assertSystem();
  try {
    await management().send(new PostToConnectionCommand({ ConnectionId: connectionId, Data: payload }));
    return true;
  } catch (error) {
    if (error instanceof GoneException) return false;
    throw error;
  }
}

const userOf = (topic: string): string | undefined => (topic.startsWith("user:") ? topic.slice(5) : undefined);

/** Whether a subscriber may still see the topic; a right that was taken away counts at once. */
async function stillAllowed(topic: string, userId: string, checked: Map<string, Promise<boolean>>): Promise<boolean> {
  const id = /^corporation:(\d+)$/.exec(topic)?.[1];
  if (!id) return true;
  const known = checked.get(userId) ?? Access.maySee(userId, Number(id));
  checked.set(userId, known);
  return known;
}

/** Delivers a message to everyone who listens to its topic; connections that are gone are forgotten. */
export const deliver = fn(Message, async (message) => {
  Actor.assertSystem();
  const userId = userOf(message.topic);
  if (userId) {
    await notices()
      .put({ userId, id: message.id, message, expiresAt: ttlAt(Date.now() + noticeLifeMs) })
      .go();
  }
  const { data } = await subscriptions().query.byTopic({ topic: message.topic }).go({ pages: "all" });
  const payload = new TextEncoder().encode(JSON.stringify(message));
  const checked = new Map<string, Promise<boolean>>();
  await Promise.all(
    data.map(async ({ connectionId, userId: listener }) => {
      if (!(await stillAllowed(message.topic, listener, checked))) return;
      if (!(await post(connectionId, payload))) await disconnect({ connectionId });
    }),
  );
});
