import * as z from "zod";
import * as Session from "../../identity/session/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { ttlAt } from "../../platform/db/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Push from "../../push/index.ts";
import { type Closing, hangUp } from "./gateway.ts";
import { connections } from "./socket.entity.ts";

/** API Gateway ends a connection after two hours; its rows are deleted a little later. */
export const connectionLifeMs = 3 * 3_600_000;

/** An expired row counts as deleted, even if the table has not deleted it yet. */
export const isCurrent = (row: { expiresAt: number }): boolean => row.expiresAt * 1000 > Date.now();

export const Connection = z.object({ connectionId: z.string().min(1) });

/** Sockets of a user at a time: more tabs than anyone looks at. */
const maxConnections = 20;

/** The connections of all sessions of a user, oldest first. */
async function connectionsOf(userId: string): Promise<{ connectionId: string; connectedAt: number }[]> {
  const sessionIds = await Session.sessionIdsOf(userId);
  const found = await Promise.all(
    sessionIds.map((sessionId) => connections().query.bySession({ sessionId }).go({ pages: "all" })),
  );
  return found
    .flatMap(({ data }) => data)
    .filter(isCurrent)
    .sort((a, b) => a.connectedAt - b.connectedAt);
}

/** Stores a connection. Above the limit the user's oldest one is closed: its browser may have gone without closing it. */
export const connect = fn(Connection.extend({ userId: z.string(), sessionId: z.string() }), async (connection) => {
  Actor.assertSystem();
  const now = Date.now();
  await connections()
    .put({ ...connection, connectedAt: now, expiresAt: ttlAt(now + connectionLifeMs) })
    .go();
  const others = (await connectionsOf(connection.userId)).filter(
    ({ connectionId }) => connectionId !== connection.connectionId,
  );
  const tooMany = others.slice(0, Math.max(0, others.length + 1 - maxConnections));
  await Promise.all(tooMany.map(({ connectionId }) => close(connectionId)));
});

/** Deletes a connection and its subscriptions. */
export const disconnect = fn(Connection, async ({ connectionId }) => {
  Actor.assertSystem();
  await Promise.all([Push.unsubscribeAll(connectionId), connections().delete({ connectionId }).go()]);
});

/** The user and the session that a connection was opened by. */
export interface Holder {
  userId: string;
  sessionId: string;
}

export async function holderOf(connectionId: string): Promise<Holder | undefined> {
  const { data } = await connections().get({ connectionId }).go({ consistent: true });
  return data && isCurrent(data) ? data : undefined;
}

/** Closes a connection and deletes its rows. */
export async function close(connectionId: string, closing: Closing = {}): Promise<void> {
  Actor.assertSystem();
  // Deleted first: even if closing fails, nothing more is delivered to the socket.
  await disconnect({ connectionId });
  await hangUp(connectionId, closing);
}

/** Closes the sockets of a session. */
export async function closeSession(sessionId: string): Promise<void> {
  Actor.assertSystem();
  const { data } = await connections().query.bySession({ sessionId }).go({ pages: "all" });
  await Promise.all(data.map(({ connectionId }) => close(connectionId)));
}
