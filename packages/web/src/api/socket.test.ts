import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket as NodeWebSocket, type WebSocket as Peer, WebSocketServer } from "ws";
import type { SocketMessage } from "./contract.ts";
import { ApiError } from "./envelope.ts";
import { LiveSocket, type SocketOptions, type SocketState } from "./socket.ts";

let server: WebSocketServer;
let peers: Peer[];
let offered: string[];
let received: { action: string; topics?: string[]; ids?: string[] }[];
let states: SocketState[];
let messages: SocketMessage[];
let live: LiveSocket | undefined;
let tickets: number;

beforeEach(async () => {
  [peers, offered, received, states, messages, tickets] = [[], [], [], [], [], 0];
  server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    handleProtocols: (protocols) => {
      offered.push(...protocols);
      return "tapi.v1";
    },
  });
  server.on("connection", (peer) => {
    peers.push(peer);
    peer.on("message", (data) => received.push(JSON.parse(String(data))));
  });
  await once(server, "listening");
});

afterEach(async () => {
  live?.stop();
  for (const peer of peers) peer.terminate();
  await new Promise((closed) => server.close(closed));
});

function connect(options: Partial<SocketOptions> = {}): LiveSocket {
  live = new LiveSocket({
    ticket: async () => ({
      ticket: `t${++tickets}`,
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/socket`,
      expiresAt: new Date().toISOString(),
    }),
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    WebSocket: NodeWebSocket as unknown as NonNullable<SocketOptions["WebSocket"]>,
    backoff: () => 5,
    ackAfterMs: 5,
    ...options,
  });
  live.start();
  return live;
}

const settled = (assertion: () => void) => vi.waitFor(assertion, { interval: 2, timeout: 5_000 });

const message = (id: string, type: string, topic: string) =>
  JSON.stringify({ id, type, topic, at: "2026-11-20T12:00:00Z", data: {} });
const refreshed = (id: string) => message(id, "dataset.progress", "corporation:1");
const notice = (id: string) => message(id, "token.died", "user:01ABC");

test("the ticket travels as a subprotocol, never in the address", async () => {
  connect();

  await settled(() => expect(live?.state).toBe("open"));

  expect(offered).toEqual(["tapi.v1", "ticket.t1"]);
});

test("a lost connection is made again with a new ticket, and subscribes to everything wanted", async () => {
  connect().setTopics(["user", "corporation:1"]);
  await settled(() => expect(received).toContainEqual({ action: "subscribe", topics: ["user", "corporation:1"] }));

  received.length = 0;
  peers[0]?.terminate();

  await settled(() => expect(received).toContainEqual({ action: "subscribe", topics: ["user", "corporation:1"] }));
  expect(states).toEqual(["connecting", "open", "waiting", "connecting", "open"]);
  expect(offered).toContain("ticket.t2");
});

test("each failed try waits longer than the one before, and a success begins anew", async () => {
  const attempts: number[] = [];
  let failures = 3;
  connect({
    ticket: async () => {
      if (failures-- > 0) throw new ApiError({ status: 503, code: "x", message: "x" });
      return { ticket: "t", url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, expiresAt: "" };
    },
    backoff: (attempt) => {
      attempts.push(attempt);
      return 1;
    },
  });
  await settled(() => expect(live?.state).toBe("open"));

  peers[0]?.terminate();

  await settled(() => expect(attempts).toEqual([0, 1, 2, 0]));
});

test("a refused ticket ends the tries: somebody has to log in first", async () => {
  let asked = 0;
  connect({
    ticket: async () => {
      asked++;
      throw new ApiError({ status: 401, code: "session.required", message: "Log in first." });
    },
  });

  await settled(() => expect(live?.state).toBe("signed-out"));

  expect([asked, states]).toEqual([1, ["connecting", "signed-out"]]);
});

test("a notice is acknowledged, and one that comes twice is delivered once but acknowledged again", async () => {
  connect();
  await settled(() => expect(peers).toHaveLength(1));

  peers[0]?.send(notice("m1"));
  await settled(() => expect(received).toContainEqual({ action: "ack", ids: ["m1"] }));
  received.length = 0;
  peers[0]?.send(notice("m1"));
  peers[0]?.send(notice("m2"));
  await settled(() => expect(received.flatMap((message) => message.ids ?? [])).toEqual(["m1", "m2"]));

  expect(messages.map((message) => message.id)).toEqual(["m1", "m2"]);
});

test("only notices are acknowledged", async () => {
  connect();
  await settled(() => expect(peers).toHaveLength(1));

  peers[0]?.send(refreshed("m1"));
  peers[0]?.send(message("m2", "pong", "connection"));
  peers[0]?.send(JSON.stringify({ type: "error", data: { code: "socket.bad_message" } }));
  peers[0]?.send(notice("m3"));

  await settled(() => expect(received).toHaveLength(1));
  expect(received).toEqual([{ action: "ack", ids: ["m3"] }]);
});

test("an invalid message is ignored, and the connection stays", async () => {
  connect();
  await settled(() => expect(peers).toHaveLength(1));

  peers[0]?.send("not json");
  peers[0]?.send("42");
  peers[0]?.send(refreshed("m1"));

  await settled(() => expect(messages).toHaveLength(1));
  expect(live?.state).toBe("open");
});

test("a connection that answers no ping is closed and opened again", async () => {
  connect({ pingEveryMs: 10, pongWithinMs: 20 });

  await settled(() => expect(peers.length).toBeGreaterThan(1));

  expect(received).toContainEqual({ action: "ping" });
  expect(states).toContain("waiting");
});

test("a connection whose pings are answered stays", async () => {
  server.on("connection", (peer) =>
    peer.on("message", () => peer.send(JSON.stringify({ id: "p", type: "pong", topic: "", at: "", data: {} }))),
  );
  connect({ pingEveryMs: 5, pongWithinMs: 2_000 });

  await settled(() => expect(received.filter((message) => message.action === "ping").length).toBeGreaterThan(3));

  expect(peers).toHaveLength(1);
});

test("only what changed is subscribed and unsubscribed while the connection stands", async () => {
  connect().setTopics(["user", "corporation:1"]);
  await settled(() => expect(received).toHaveLength(1));

  live?.setTopics(["user", "corporation:2"]);

  await settled(() => expect(received).toHaveLength(3));
  expect(received.slice(1)).toEqual([
    { action: "subscribe", topics: ["corporation:2"] },
    { action: "unsubscribe", topics: ["corporation:1"] },
  ]);
});

test("stopping while the ticket is on its way opens no connection", async () => {
  let give: (() => void) | undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  connect({
    ticket: async () => {
      await given;
      return { ticket: "t", url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, expiresAt: "" };
    },
  });

  live?.stop();
  give?.();
  await given;

  expect([live?.state, peers.length]).toEqual(["idle", 0]);
});
