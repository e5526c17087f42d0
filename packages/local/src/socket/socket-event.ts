import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyWebsocketEventV2 } from "aws-lambda";
import { commonLogTime } from "../gateway/http-event.ts";

/** Who a connection belongs to; lives as long as the connection. */
export interface SocketIdentity {
  connectionId: string;
  connectedAt: number;
  domainName: string;
  sourceIp: string;
  userAgent: string;
}

type RouteEvent =
  | { routeKey: "$connect"; eventType: "CONNECT" }
  | { routeKey: string; eventType: "MESSAGE"; body: string; isBase64Encoded: boolean }
  | { routeKey: "$disconnect"; eventType: "DISCONNECT"; disconnectStatusCode: number; disconnectReason: string };

/**
 * The event of a WebSocket route.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html
 */
export function toSocketEvent(identity: SocketIdentity, route: RouteEvent): APIGatewayProxyWebsocketEventV2 {
  const now = new Date();
  const requestId = randomUUID();
  const requestContext = {
    routeKey: route.routeKey,
    eventType: route.eventType,
    ...(route.eventType === "MESSAGE" ? { messageId: randomUUID() } : {}),
    ...(route.eventType === "DISCONNECT"
      ? { disconnectStatusCode: route.disconnectStatusCode, disconnectReason: route.disconnectReason }
      : {}),
    extendedRequestId: requestId,
    requestTime: commonLogTime(now),
    messageDirection: "IN",
    stage: "local",
    connectedAt: identity.connectedAt,
    requestTimeEpoch: now.getTime(),
    identity: { userAgent: identity.userAgent, sourceIp: identity.sourceIp },
    requestId,
    domainName: identity.domainName,
    connectionId: identity.connectionId,
    apiId: "local",
  };
  return {
    requestContext: requestContext as unknown as APIGatewayProxyWebsocketEventV2["requestContext"],
    ...(route.eventType === "MESSAGE" ? { body: route.body } : {}),
    isBase64Encoded: route.eventType === "MESSAGE" && route.isBase64Encoded,
  };
}

/** `$connect` alone also carries the handshake's headers and query. */
export function handshakeOf(request: IncomingMessage) {
  const multiValueHeaders: Record<string, string[]> = {};
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? "";
    multiValueHeaders[name] = [...(multiValueHeaders[name] ?? []), request.rawHeaders[index + 1] ?? ""];
  }
  const multiValueQueryStringParameters: Record<string, string[]> = {};
  for (const [name, value] of new URL(request.url ?? "/", "http://localhost").searchParams) {
    multiValueQueryStringParameters[name] = [...(multiValueQueryStringParameters[name] ?? []), value];
  }
  const hasQuery = Object.keys(multiValueQueryStringParameters).length > 0;
  return {
    headers: lastOfEach(multiValueHeaders),
    multiValueHeaders,
    ...(hasQuery
      ? { queryStringParameters: lastOfEach(multiValueQueryStringParameters), multiValueQueryStringParameters }
      : {}),
  };
}

const lastOfEach = (values: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, list]) => [name, list.at(-1) ?? ""]));
