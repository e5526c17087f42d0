import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { WebSocket } from "ws";
import { comesFromNoPage } from "../wire/loopback.ts";
import { type SocketConnection, type SocketGateway, socketLimits } from "./socket-gateway.ts";

/**
 * The `@connections` API, as `@aws-sdk/client-apigatewaymanagementapi` speaks it: POST sends to a connection, GET
 * describes it, DELETE closes it; 410 when it is gone.
 */
export function createManagementApi({ connections }: Pick<SocketGateway, "connections">): RequestListener {
  return (request, response) => {
    if (!comesFromNoPage(request.headers)) return fail(response, 403, "ForbiddenException", "Pages are not answered.");
    const id = /\/@connections\/([^/?]+)/.exec(request.url ?? "")?.[1];
    if (!id) return fail(response, 404, "NotFoundException", "There is nothing here.");
    const connection = connections.get(decodeURIComponent(id));
    if (!connection || connection.socket.readyState !== WebSocket.OPEN) {
      request.resume();
      return fail(response, 410, "GoneException", "The connection is gone.");
    }
    if (request.method === "POST") return void post(connection, request, response);
    if (request.method === "GET") return describe(connection, response);
    if (request.method === "DELETE") {
      // AWS takes no code; with one the product says that it ends a connection for what it did.
      const code = Number(request.headers["x-close-code"] ?? 1000);
      connection.socket.close(code, "Connection closed by the server");
      return void response.writeHead(204).end();
    }
    fail(response, 405, "MethodNotAllowedException", "POST, GET or DELETE.");
  };
}

async function post(connection: SocketConnection, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const data = Buffer.concat(chunks);
  if (data.length > socketLimits.messageBytes) {
    return fail(response, 413, "PayloadTooLargeException", "A message is at most 128 KB.");
  }
  connection.socket.send(data, { binary: false }, (error) => {
    if (error) return fail(response, 410, "GoneException", "The connection is gone.");
    connection.touch();
    response.writeHead(200, { "content-length": 0 }).end();
  });
}

function describe(connection: SocketConnection, response: ServerResponse): void {
  const { connectedAt, lastActiveAt, sourceIp, userAgent } = connection;
  const body = {
    connectedAt: new Date(connectedAt).toISOString(),
    identity: { sourceIp, userAgent },
    lastActiveAt: new Date(lastActiveAt).toISOString(),
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function fail(response: ServerResponse, status: number, type: string, message: string): void {
  const headers = { "content-type": "application/json", "x-amzn-errortype": type };
  response.writeHead(status, headers).end(JSON.stringify({ message }));
}
