import * as Session from "@tapi/core/identity/session";
import * as Actor from "@tapi/core/platform/actor";
import * as Db from "@tapi/core/platform/db";
import * as Account from "@tapi/core/product/account";
import * as Socket from "@tapi/core/product/socket";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { drain } from "../../../core/test/queues.ts";
import { scan } from "../../../core/test/table.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { type Browser, directorOf, Browser as NewBrowser } from "../../test/browser.ts";
import { type Client, type Sockets, startSockets } from "../../test/sockets.ts";
import { handler as realtime } from "../queue/realtime.ts";
import { handler } from "./index.ts";

let world: World;
let sockets: Sockets;
let director: Browser;
let corporationId: number;
let ceo: number;
let member: number;
let topic: string;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 10, journalPerDay: 1 }] });
  sockets = await startSockets();
  const [home] = (await world.truth()).corporations;
  if (!home) throw new Error("the world has no corporation");
  corporationId = home.corporationId;
  ceo = home.ceo.characterId;
  member = home.member.characterId;
  topic = `corporation:${corporationId}`;
});
afterAll(async () => {
  await sockets?.close();
  await world?.close();
});

beforeEach(async () => {
  director = await directorOf(ceo);
});

const ticketOf = async (browser: Browser): Promise<string> =>
  (await browser.post("/socket/ticket")).body.data.ticket as string;

const open = async (browser: Browser): Promise<Client> =>
  (await sockets.open(["tapi.v1", `ticket.${await ticketOf(browser)}`])) as Client;

async function ordinary(): Promise<Browser> {
  const browser = new NewBrowser();
  await browser.logIn(member);
  return browser;
}

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

/** Everything that waits in the realtime queue reaches its sockets. */
const deliver = () => drain("realtime", realtime);

/** A refresh, and with it a message to all who listen to the corporation. */
async function refresh(): Promise<void> {
  await world.advance(3601);
  await world.refresh(corporationId, "wallets");
  await deliver();
}

test("a ticket opens one socket, which speaks the protocol and does not repeat the ticket", async () => {
  const client = await open(director);

  expect(client.socket.protocol).toBe("tapi.v1");
});

test("a ticket that was used, is unknown, too old or missing opens nothing", async () => {
  const ticket = await ticketOf(director);
  const old = await ticketOf(director);
  await sockets.open(["tapi.v1", `ticket.${ticket}`]);

  const used = await sockets.open(["tapi.v1", `ticket.${ticket}`]);
  const unknown = await sockets.open(["tapi.v1", "ticket.abc"]);
  const missing = await sockets.open(["tapi.v1"]);
  const bare = await sockets.open([`ticket.${await ticketOf(director)}`]);
  await world.advance(31);
  const late = await sockets.open(["tapi.v1", `ticket.${old}`]);

  expect([used, unknown, missing, bare, late]).toEqual([401, 401, 401, 401, 401]);
});

test("a director receives a message at every refresh of the corporation, with its freshness and changes", async () => {
  const client = await open(director);
  const answer = await client.subscribe(topic);

  await refresh();

  const { data, id } = await client.next("dataset.refreshed");
  expect(answer).toEqual({ topics: [topic], refused: [] });
  expect(id).toMatch(/^[0-9A-Z]{26}$/);
  expect(data).toMatchObject({
    corporationId,
    dataset: "wallets",
    freshness: { status: "fresh", rows: 7 },
    summary: { total: 7 },
  });
});

test("a topic that a user cannot read is refused, and nothing of it is delivered", async () => {
  const client = await open(await ordinary());

  const answer = await client.subscribe(topic, "user", "user:somebody", "session:x", "corporation:abc", "nonsense");
  await refresh();
  client.send({ action: "ping" });
  await client.next("pong");

  expect(answer).toEqual({
    topics: ["user"],
    refused: [topic, "user:somebody", "session:x", "corporation:abc", "nonsense"],
  });
  expect(client.received).toEqual([]);
});

test("after unsubscribing nothing more is delivered", async () => {
  const client = await open(director);
  await client.subscribe(topic);
  client.send({ action: "unsubscribe", topics: [topic] });
  client.send({ action: "ping" });
  await client.next("pong");

  await refresh();
  client.send({ action: "ping" });
  await client.next("pong");

  expect(client.received).toEqual([]);
});

test("a right that was taken away ends the deliveries at once, while the socket stays open", async () => {
  const client = await open(director);
  await client.subscribe(topic);
  await director.delete(`/corporations/${corporationId}/directors/${ceo}`);

  await asSystem(() =>
    Socket.deliver({ id: "1", type: "test", topic, at: new Date().toISOString(), data: { secret: true } }),
  );
  client.send({ action: "ping" });
  await client.next("pong");

  expect(client.received).toEqual([]);
});

test("a notice is sent to each new connection until it is acknowledged", async () => {
  await asSystem(() => Account.announceTokenDeath({ characterId: ceo, reason: "invalid_grant" }));
  await deliver();

  const first = await open(director);
  await first.subscribe("user");
  const notice = await first.next("token.died");
  const second = await open(director);
  await second.subscribe("user");
  const again = await second.next("token.died");
  second.send({ action: "ack", ids: [again.id] });
  second.send({ action: "ping" });
  await second.next("pong");
  const third = await open(director);
  await third.subscribe("user");
  third.send({ action: "ping" });
  await third.next("pong");

  expect(again).toEqual(notice);
  expect(third.received).toEqual([]);
});

test("a user cannot acknowledge another user's notice", async () => {
  await asSystem(() => Account.announceTokenDeath({ characterId: ceo, reason: "invalid_grant" }));
  await deliver();
  const owner = await open(director);
  await owner.subscribe("user");
  const { id } = await owner.next("token.died");
  const other = await open(await ordinary());

  other.send({ action: "ack", ids: [id] });
  other.send({ action: "ping" });
  await other.next("pong");

  const again = await open(director);
  await again.subscribe("user");
  expect((await again.next("token.died")).id).toBe(id);
});

test.each([
  "not json",
  '{"action":"format"}',
  '{"action":"subscribe"}',
  JSON.stringify({ action: "subscribe", topics: Array(51).fill("user") }),
  JSON.stringify({ action: "subscribe", topics: ["x".repeat(101)] }),
  JSON.stringify({ action: "ack", ids: ["x".repeat(41)] }),
])("a message that is no command is answered with an error, and the socket stays open: %s", async (message) => {
  const client = await open(director);

  client.send(message);

  expect((await client.next("error")).data).toMatchObject({ code: "socket.bad_message" });
  client.send({ action: "ping" });
  await client.next("pong");
});

test.each([
  ["this session", "/auth/logout", true],
  ["every session", "/auth/logout-everywhere", false],
])("logging out of %s closes its sockets", async (_, path, otherStays) => {
  const [here, there] = [director, await directorOf(ceo)];
  const [mine, other] = [await open(here), await open(there)];
  await mine.subscribe(topic);
  await other.subscribe(topic);

  await here.post(path);
  await deliver();

  expect(await mine.closed).toBe(1000);
  if (otherStays) {
    await refresh();
    expect((await other.next("dataset.refreshed")).data).toMatchObject({ corporationId });
  } else expect(await other.closed).toBe(1000);
});

test("a ticket that is redeemed after its session has ended opens a socket that is closed at its first subscription", async () => {
  const ticket = await ticketOf(director);
  await director.post("/auth/logout");
  await deliver();
  const client = (await sockets.open(["tapi.v1", `ticket.${ticket}`])) as Client;

  client.send({ action: "subscribe", topics: [topic] });

  expect(await client.closed).toBe(1000);
  expect(client.received).toEqual([]);
});

test("the connection of a browser that is gone is deleted, and the others get the message", async () => {
  const [gone, here] = [await open(director), await open(director)];
  await gone.subscribe(topic);
  await here.subscribe(topic);
  gone.socket.terminate();
  await gone.closed;
  await refresh();
  await refresh();

  await here.next("dataset.refreshed");
  await here.next("dataset.refreshed");
});

test("a connection that ended without notice is deleted at the next message, which reaches the others", async () => {
  const here = await open(director);
  await here.subscribe(topic);
  const owner = await Session.resolve(director.cookies.get("tapi") ?? "");
  if (!owner) throw new Error("no session");
  const { userId, sessionId } = owner;
  const connectionId = crypto.randomUUID();
  await asSystem(() => Socket.connect({ connectionId, userId, sessionId }));
  await asSystem(() => Socket.subscribe({ connectionId, topics: [topic] }));
  const message = { id: crypto.randomUUID(), type: "test", topic, at: new Date(0).toISOString(), data: {} };

  await asSystem(() => Socket.deliver(message));

  expect(await here.next("test")).toEqual(message);
  expect(await scan()).not.toContainEqual(expect.objectContaining({ connectionId, topic }));
});

test("a disconnection is answered after all its work is done, because the function is frozen then", async () => {
  const client = await open(director);
  await client.subscribe(topic);
  const connectionId = sockets.connected.at(-1) as string;
  const event = { requestContext: { connectionId, routeKey: "$disconnect" } };

  const { consumed } = await Db.metered(() => handler(event));

  // The topics looked up, and they and the connection deleted.
  expect(consumed.requests).toBe(3);
});

test("a socket without rows is closed at its next ping, so that its browser reconnects", async () => {
  const client = await open(director);
  await asSystem(() => Socket.disconnect({ connectionId: sockets.connected.at(-1) as string }));

  client.send({ action: "ping" });

  expect(await client.closed).toBe(1000);
});

test("a connection that fails does not stop the others, and the message is sent again with the same id", async () => {
  const failing = await open(director);
  const failingId = sockets.connected.at(-1) as string;
  const client = await open(director);
  await Promise.all([failing.subscribe(topic), client.subscribe(topic)]);
  sockets.failing.add(failingId);
  const message = { id: "m1", type: "test", topic, at: new Date().toISOString(), data: {} };

  const delivery = asSystem(() => Socket.deliver(message));

  await expect(delivery).rejects.toThrow();
  expect((await client.next("test")).id).toBe("m1");
  sockets.failing.clear();
  await asSystem(() => Socket.deliver(message));
  expect((await failing.next("test")).id).toBe("m1");
});
