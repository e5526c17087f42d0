import { randomBytes } from "node:crypto";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { type ClientAddress, peerAddress } from "../gateway/index.ts";
import type { Invoke, Topology } from "../runtime/topology.ts";
import { comesFromOwnPage, namesThisMachine } from "../wire/loopback.ts";
import { createFrameLimit } from "./frame-limit.ts";
import { handshakeOf, type SocketIdentity, toSocketEvent } from "./socket-event.ts";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html */
export const socketLimits = {
  messageBytes: 128 * 1024,
  frameBytes: 32 * 1024,
  idleMs: 10 * 60_000,
  lifeMs: 2 * 60 * 60_000,
};

/** How long a client may take to answer the server's goodbye. */
const goodbyeMs = 300;

export interface SocketConnection extends SocketIdentity {
  socket: WebSocket;
  lastActiveAt: number;
  touch(): void;
}

export interface SocketGatewayOptions {
  socket: Topology["socket"];
  invoke: Invoke;
  /** Where the API is mounted; connections to other paths are refused. */
  path?: string;
  limits?: Partial<typeof socketLimits>;
  clientAddress?: ClientAddress;
  /** The addresses that it is known by, besides this machine's own names. */
  origins?: readonly string[];
}

export interface SocketGateway {
  connections: ReadonlyMap<string, SocketConnection>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Closes every connection and lets the function know of each. */
  close(): Promise<void>;
}

/** The WebSocket API: `$connect` decides, the message's `action` chooses the route, `$disconnect` is told the code. */
export function createSocketGateway(options: SocketGatewayOptions): SocketGateway {
  const { socket: routes, invoke, path = "/", limits } = options;
  const { messageBytes, frameBytes, idleMs, lifeMs } = { ...socketLimits, ...limits };
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: messageBytes });
  const connections = new Map<string, SocketConnection>();
  const farewells = new Set<Promise<unknown>>();
  const call = (event: unknown) => invoke(routes.function, event);

  async function upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): Promise<void> {
    raw.on("error", () => raw.destroy());
    if ((request.url ?? "/").split("?")[0] !== path) return refuse(raw, 404);
    if (!namesThisMachine(request.headers.host, options.origins)) return refuse(raw, 403);
    if (!comesFromOwnPage(request.headers, options.origins)) return refuse(raw, 403);
    const identity = identify(request, (options.clientAddress ?? peerAddress)(request));
    const answer = await connect(identity, request);
    if (raw.destroyed) return;
    if (answer.status < 200 || answer.status > 299) return refuse(raw, answer.status);
    // Only the protocol that the function chose is answered; `ws` would otherwise take the first one offered.
    request.headers["sec-websocket-protocol"] = answer.protocol;
    if (!answer.protocol) delete request.headers["sec-websocket-protocol"];
    const tooLarge = createFrameLimit(frameBytes);
    let breached = false;
    raw.on("data", (chunk: Buffer) => {
      breached ||= tooLarge(chunk);
    });
    server.handleUpgrade(request, raw, head, (socket) => accept(identity, socket, () => breached));
  }

  async function connect(identity: SocketIdentity, request: IncomingMessage) {
    if (!routes.routes.includes("$connect")) return { status: 200 };
    const event = toSocketEvent(identity, { routeKey: "$connect", eventType: "CONNECT" });
    try {
      return readConnectAnswer(await call({ ...handshakeOf(request), ...event }));
    } catch {
      return { status: 502 };
    }
  }

  function accept(identity: SocketIdentity, socket: WebSocket, breached: () => boolean): void {
    const idle = setTimeout(() => socket.close(1001, "Going away"), idleMs);
    const life = setTimeout(() => socket.close(1001, "Going away"), lifeMs);
    const connection: SocketConnection = {
      ...identity,
      socket,
      lastActiveAt: Date.now(),
      touch: () => {
        connection.lastActiveAt = Date.now();
        idle.refresh();
      },
    };
    connections.set(identity.connectionId, connection);
    socket.on("error", () => undefined);
    socket.on("ping", connection.touch);
    socket.on("message", (data, isBinary) => {
      // What was under way when the connection was closed reaches nobody.
      if (socket.readyState !== WebSocket.OPEN) return;
      connection.touch();
      if (breached()) socket.close(1009, "Frame too large");
      else void message(connection, data, isBinary);
    });
    socket.on("close", (code, reason) => {
      clearTimeout(idle);
      clearTimeout(life);
      connections.delete(identity.connectionId);
      const farewell = disconnect(identity, code, reason.toString()).finally(() => farewells.delete(farewell));
      farewells.add(farewell);
    });
  }

  async function message(connection: SocketConnection, data: RawData, isBinary: boolean): Promise<void> {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    const body = bytes.toString(isBinary ? "base64" : "utf8");
    const routeKey = selectRoute(routes.routes, isBinary ? "" : body);
    if (!routeKey) return reply(connection, "Forbidden");
    const event = toSocketEvent(connection, { routeKey, eventType: "MESSAGE", body, isBase64Encoded: isBinary });
    await call(event).catch(() => reply(connection, "Internal server error", event.requestContext.requestId));
  }

  async function disconnect(identity: SocketIdentity, code: number, reason: string): Promise<void> {
    if (!routes.routes.includes("$disconnect")) return;
    const event = toSocketEvent(identity, {
      routeKey: "$disconnect",
      eventType: "DISCONNECT",
      disconnectStatusCode: code,
      disconnectReason: reason,
    });
    await call(event).catch(() => undefined);
  }

  return {
    connections,
    upgrade,
    close: async () => {
      const goodbyes = [...connections.values()].map(async ({ socket }) => {
        const cut = setTimeout(() => socket.terminate(), goodbyeMs);
        const closed = new Promise((done) => socket.once("close", done));
        socket.close(1001, "Going away");
        await closed;
        clearTimeout(cut);
      });
      await Promise.all(goodbyes);
      await Promise.all(farewells);
    },
  };
}

/** Ids look like the real ones: 15 characters and an equals sign, which clients must encode in paths. */
function identify(request: IncomingMessage, sourceIp: string): SocketIdentity {
  return {
    connectionId: `${randomBytes(12).toString("base64url").slice(0, 15)}=`,
    connectedAt: Date.now(),
    domainName: (request.headers.host ?? "localhost").replace(/:\d+$/, ""),
    sourceIp,
    userAgent: request.headers["user-agent"] ?? "",
  };
}

function readConnectAnswer(answer: unknown): { status: number; protocol?: string } {
  const { statusCode = 200, headers = {} } = (answer ?? {}) as {
    statusCode?: number;
    headers?: Record<string, string>;
  };
  const protocol = Object.entries(headers).find(([name]) => name.toLowerCase() === "sec-websocket-protocol")?.[1];
  return { status: Number(statusCode), ...(protocol ? { protocol } : {}) };
}

function selectRoute(routes: readonly string[], body: string): string | undefined {
  const action = readAction(body);
  if (action !== undefined && !action.startsWith("$") && routes.includes(action)) return action;
  return routes.includes("$default") ? "$default" : undefined;
}

function readAction(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { action?: unknown } | null;
    return typeof parsed?.action === "string" ? parsed.action : undefined;
  } catch {
    return undefined;
  }
}

function reply({ socket, connectionId }: SocketConnection, message: string, requestId = ""): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ message, connectionId, requestId }));
}

function refuse(raw: Duplex, status: number): void {
  const body = JSON.stringify({ message: STATUS_CODES[status] ?? "Error" });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Error"}`,
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    "connection: close",
  ];
  raw.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
