import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GoneException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import * as z from "zod";
import * as Actor from "../actor/index.ts";
import { get } from "../config/index.ts";
import { ttlAt } from "../db/index.ts";
import { fn } from "../fn/index.ts";
import * as Sessions from "../session/sessions.ts";
import { connections, subscriptions } from "./realtime.entity.ts";

/** API Gateway ends a connection after two hours; its rows go a little later. */
export const connectionLifeMs = 3 * 3_600_000;

/** Rows past their end are gone, whether the table has deleted them yet or not. */
export const isCurrent = (row: { expiresAt: number }): boolean => row.expiresAt * 1000 > Date.now();

let cached: { client: ApiGatewayManagementApiClient; endpoint: string } | undefined;

function management(): ApiGatewayManagementApiClient {
  const endpoint = get().SOCKET_MANAGEMENT_ENDPOINT;
  if (cached?.endpoint !== endpoint) cached = { client: new ApiGatewayManagementApiClient({ endpoint }), endpoint };
  return cached.client;
}

export const Connection = z.object({ connectionId: z.string().min(1) });

/** Sockets that a user may have at a time: more tabs than anybody looks at. */
const maxConnections = 20;

/** The connections of all sessions of a user, oldest first. */
async function connectionsOf(userId: string): Promise<{ connectionId: string; connectedAt: number }[]> {
  const sessionIds = await Sessions.idsOf(userId);
  const found = await Promise.all(
    sessionIds.map((sessionId) => connections().query.bySession({ sessionId }).go({ pages: "all" })),
  );
  return found
    .flatMap(({ data }) => data)
    .filter(isCurrent)
    .sort((a, b) => a.connectedAt - b.connectedAt);
}

/** Notes a connection. One too many ends the user's oldest: it may be one of a browser that is gone without a word. */
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

export interface Owner {
  userId: string;
  sessionId: string;
}

export async function ownerOf(connectionId: string): Promise<Owner | undefined> {
  const { data } = await connections().get({ connectionId }).go({ consistent: true });
  return data && isCurrent(data) ? data : undefined;
}

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

/** RFC 6455: the other side broke a rule. */
const policyViolation = "1008";

interface Closing {
  /** It is closed for what its other side did. AWS closes it without saying so: its API takes no code. */
  forAbuse?: boolean;
}

export async function close(connectionId: string, { forAbuse = false }: Closing = {}): Promise<void> {
  Actor.assertSystem();
  // Forgotten first: whatever becomes of the socket, nothing is delivered to it any more.
  await disconnect({ connectionId });
  const command = new DeleteConnectionCommand({ ConnectionId: connectionId });
  if (forAbuse) {
    command.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers["x-close-code"] = policyViolation;
        return next(args);
      },
      { step: "build" },
    );
  }
  await management()
    .send(command)
    .catch((error: unknown) => {
      if (!(error instanceof GoneException)) throw error;
    });
}

/** Closes the sockets that were opened under a session. */
export async function closeSession(sessionId: string): Promise<void> {
  Actor.assertSystem();
  const { data } = await connections().query.bySession({ sessionId }).go({ pages: "all" });
  await Promise.all(data.map(({ connectionId }) => close(connectionId)));
}
