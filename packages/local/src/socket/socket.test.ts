import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  GoneException,
  PayloadTooLargeException,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { createManagementApi } from "./management.ts";
import { createSocketGateway, type SocketGateway } from "./socket-gateway.ts";

interface SocketEvent {
  headers?: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  body?: string;
  isBase64Encoded: boolean;
  requestContext: {
    routeKey: string;
    eventType: string;
    connectionId: string;
    disconnectStatusCode?: number;
    disconnectReason?: string;
  };
}

let events: SocketEvent[];
let onEvent: (event: SocketEvent) => unknown;
let gateway: SocketGateway;
let servers: Server[];
let url: string;
let management: ApiGatewayManagementApiClient;

const listen = async (server: Server): Promise<number> => {
  servers.push(server.listen(0, "127.0.0.1"));
  await new Promise((done) => server.once("listening", done));
  return (server.address() as AddressInfo).port;
};

async function start(limits: Parameters<typeof createSocketGateway>[0]["limits"] = {}): Promise<void> {
  gateway = createSocketGateway({
    socket: { routes: ["$connect", "$disconnect", "$default", "greet"], function: "socket" },
    path: "/socket",
    limits,
    invoke: async (_name, event) => {
      events.push(event as SocketEvent);
      return onEvent(event as SocketEvent);
    },
  });
  const server = createServer().on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  url = `ws://127.0.0.1:${await listen(server)}/socket`;
  const port = await listen(createServer(createManagementApi(gateway)));
  management = new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
}

beforeEach(async () => {
  events = [];
  servers = [];
  onEvent = () => ({ statusCode: 200 });
  await start();
});

afterEach(async () => {
  await gateway.close();
  management.destroy();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function open(protocols: string[] = []): Promise<WebSocket> {
  const client = new WebSocket(url, protocols);
  await new Promise((resolve, reject) => client.once("open", resolve).once("error", reject));
  return client;
}

const received = (client: WebSocket) =>
  new Promise<string>((done) => client.once("message", (data) => done(data.toString())));
const closed = (client: WebSocket) => new Promise<number>((done) => client.once("close", done));
const seen = (routeKey: string) =>
  vi.waitFor(() => {
    const event = events.find(({ requestContext }) => requestContext.routeKey === routeKey);
    if (!event) throw new Error(`no ${routeKey} yet`);
    return event;
  }, 20_000);
const connectionId = () => events[0]?.requestContext.connectionId ?? "";

test("a connection is accepted with the subprotocol that the function chose, and no other is offered back", async () => {
  onEvent = () => ({ statusCode: 200, headers: { "Sec-WebSocket-Protocol": "tapi.v1" } });

  const client = await open(["ticket.abc", "tapi.v1"]);

  expect(client.protocol).toBe("tapi.v1");
  expect(events[0]).toMatchObject({
    headers: { "Sec-WebSocket-Protocol": "ticket.abc,tapi.v1" },
    requestContext: { routeKey: "$connect", eventType: "CONNECT" },
  });
});

test.each([
  ["the function refuses", () => ({ statusCode: 403 }), 403],
  ["the function fails", () => Promise.reject(new Error("boom")), 502],
])("when %s, the handshake is answered with that status and nobody is connected", async (_name, behaviour, status) => {
  onEvent = behaviour;

  const client = new WebSocket(url);
  const answer = await new Promise<number | undefined>((done) =>
    client.once("unexpected-response", (_request, response) => done(response.statusCode)).on("error", () => undefined),
  );

  expect(answer).toBe(status);
  expect(gateway.connections.size).toBe(0);
});

test("a connection to another path than the API's is refused without asking the function", async () => {
  const client = new WebSocket(url.replace("/socket", "/elsewhere"));

  const answer = await new Promise<number | undefined>((done) =>
    client.once("unexpected-response", (_request, response) => done(response.statusCode)).on("error", () => undefined),
  );

  expect(answer).toBe(404);
  expect(events).toHaveLength(0);
});

test("a message goes to the route its action names, and to $default otherwise", async () => {
  const client = await open();

  client.send(JSON.stringify({ action: "greet" }));
  client.send(JSON.stringify({ action: "unknown" }));
  client.send("not json");
  client.send(JSON.stringify({ action: "$disconnect" }));
  client.send(Buffer.from([1, 2]));

  await vi.waitFor(() => expect(events).toHaveLength(6), 20_000);
  const messages = events.slice(1).map(({ requestContext, body }) => [requestContext.routeKey, body]);
  expect(messages).toEqual([
    ["greet", '{"action":"greet"}'],
    ["$default", '{"action":"unknown"}'],
    ["$default", "not json"],
    ["$default", '{"action":"$disconnect"}'],
    ["$default", "AQI="],
  ]);
  expect(events.at(-1)?.isBase64Encoded).toBe(true);
});

test("a failed message function is told to the client, which stays connected", async () => {
  const client = await open();
  onEvent = () => Promise.reject(new Error("boom"));

  client.send("{}");

  const answer = JSON.parse(await received(client));
  expect(answer).toMatchObject({ message: "Internal server error", connectionId: connectionId() });
  expect(client.readyState).toBe(WebSocket.OPEN);
});

test("the management API posts to, describes and closes a connection", async () => {
  const client = await open();
  const message = received(client);
  const goodbye = closed(client);

  await management.send(new PostToConnectionCommand({ ConnectionId: connectionId(), Data: Buffer.from("hello ✓") }));
  const described = await management.send(new GetConnectionCommand({ ConnectionId: connectionId() }));
  await management.send(new DeleteConnectionCommand({ ConnectionId: connectionId() }));

  await expect(message).resolves.toBe("hello ✓");
  expect(described.Identity?.SourceIp).toBe("127.0.0.1");
  expect(described.ConnectedAt).toBeInstanceOf(Date);
  await expect(goodbye).resolves.toBe(1000);
});

test("a post to a connection that is gone fails with GoneException, one above 128 KB with PayloadTooLarge", async () => {
  const client = await open();
  const id = connectionId();
  const post = (size: number) =>
    management.send(new PostToConnectionCommand({ ConnectionId: id, Data: Buffer.alloc(size, 97) }));

  await expect(post(128 * 1024 + 1)).rejects.toBeInstanceOf(PayloadTooLargeException);
  client.close();
  await seen("$disconnect");

  await expect(post(1)).rejects.toBeInstanceOf(GoneException);
});

test("$disconnect is told the code and the reason", async () => {
  const client = await open();

  client.close(4001, "tired");

  const event = await seen("$disconnect");
  expect(event.requestContext).toMatchObject({ disconnectStatusCode: 4001, disconnectReason: "tired" });
});

test("a frame above 32 KB closes the connection with 1009, fragments below it pass up to 128 KB", async () => {
  const fragmented = await open();
  const half = "x".repeat(30 * 1024);
  fragmented.send(half, { fin: false });
  fragmented.send(half, { fin: true });
  const event = await seen("$default");
  const single = await open();

  single.send("x".repeat(33 * 1024));

  expect(event.body).toHaveLength(60 * 1024);
  await expect(closed(single)).resolves.toBe(1009);
  expect(events.filter(({ requestContext }) => requestContext.routeKey === "$default")).toHaveLength(1);
});

test("a message above 128 KB closes the connection with 1009", async () => {
  const client = await open();
  const part = "x".repeat(30 * 1024);

  for (const fin of [false, false, false, false, true]) client.send(part, { fin });

  await expect(closed(client)).resolves.toBe(1009);
  expect(events.some(({ requestContext }) => requestContext.routeKey === "$default")).toBe(false);
});

test("an idle connection is closed, one that talks is not", async () => {
  await start({ idleMs: 120 });
  const idle = await open();
  const talking = await open();
  const chat = setInterval(() => talking.send("{}"), 30);

  const code = await closed(idle);

  clearInterval(chat);
  expect(code).toBe(1001);
  expect(talking.readyState).toBe(WebSocket.OPEN);
});
