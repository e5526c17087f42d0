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

export async function close(connectionId: string): Promise<void> {
  Actor.assertSystem();
  // Forgotten first: whatever becomes of the socket, nothing is delivered to it any more.
  await disconnect({ connectionId });
  await management()
    .send(new DeleteConnectionCommand({ ConnectionId: connectionId }))
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
