import * as Db from "@tapi/core/platform/db";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startWorld, type World } from "../../../core/test/world.ts";
import { Browser, directorOf } from "../../test/browser.ts";
import { type Client, type Sockets, startSockets } from "../../test/sockets.ts";
import { handler } from "./index.ts";

let world: World;
let sockets: Sockets;
let pilots: number[];
let browser: Browser;
let corporationId: number;

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 60, assets: 10, journalPerDay: 1 }] });
  sockets = await startSockets();
  const [home] = (await world.truth()).corporations;
  corporationId = home?.corporationId as number;
  pilots = (await world.rows(corporationId, "members")) as unknown as number[];
});
afterAll(async () => {
  await sockets?.close();
  await world?.close();
});

beforeEach(async () => {
  browser = new Browser();
  await browser.logIn(pilots.shift() as number);
});
afterEach(() => {
  vi.useRealTimers();
});

/** The minute in which messages are counted does not pass, however long a busy machine takes for them. */
const holdTheMinute = () => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });

async function open(by: Browser = browser): Promise<Client> {
  const { ticket } = (await by.post("/socket/ticket")).body.data;
  return (await sockets.open(["tapi.v1", `ticket.${ticket}`])) as Client;
}

const foreign = (count: number) => Array.from({ length: count }, (_, index) => `corporation:${98_500_000 + index}`);

/** A message as the function gets it, and what it cost. */
const cost = async (connectionId: string, command: object) => {
  const event = { requestContext: { connectionId, routeKey: "$default" }, body: JSON.stringify(command) };
  return (await Db.metered(() => handler(event))).consumed.requests;
};

test("a socket that keeps asking for topics that its user cannot read is closed", async () => {
  holdTheMinute();
  const client = await open();

  for (let index = 0; index < 200; index += 1) client.send({ action: "subscribe", topics: foreign(50) });

  expect(await client.closed).toBe(1008);
});

test("a socket that sends too many messages is closed, whatever it sends", async () => {
  holdTheMinute();
  for (const message of [{ action: "ping" }, "nonsense", { action: "subscribe", topics: ["user"] }]) {
    const client = await open();

    for (let index = 0; index < 100; index += 1) client.send(message);

    expect(await client.closed).toBe(1008);
  }
});

test("fifty unreadable topics cost hardly more than one, and after some of them none is looked up singly", async () => {
  await open();
  const connectionId = sockets.connected.at(-1) as string;

  const first = await cost(connectionId, { action: "subscribe", topics: foreign(1) });
  const many = await cost(connectionId, { action: "subscribe", topics: foreign(50) });
  const again = await cost(connectionId, { action: "subscribe", topics: foreign(40) });

  expect([first, many, again]).toEqual([4, 12, 3]);
});

test("messages that a closed socket had already sent cost nothing", async () => {
  const client = await open();
  const connectionId = sockets.connected.at(-1) as string;
  for (let index = 0; index < 5; index += 1) client.send({ action: "subscribe", topics: foreign(50) });
  await client.closed;

  expect(await cost(connectionId, { action: "subscribe", topics: foreign(50) })).toBe(0);
});

test("a message that is larger than any command is not parsed", async () => {
  const client = await open();

  client.send({ action: "ping", filling: "x".repeat(20_000) });

  expect((await client.next("error")).data).toMatchObject({ code: "socket.bad_message" });
});

test("a user's latest twenty sockets stay open, over all sessions", async () => {
  const pilot = pilots.shift() as number;
  const [here, there] = [new Browser(), new Browser()];
  await here.logIn(pilot);
  await there.logIn(pilot);

  const clients: Client[] = [];
  for (let index = 0; index < 25; index += 1) clients.push(await open(index % 2 ? here : there));
  const closed = await Promise.all(clients.slice(0, 5).map((client) => client.closed));
  clients.at(-1)?.send({ action: "ping" });
  await clients.at(-1)?.next("pong");

  expect(closed).toEqual([1000, 1000, 1000, 1000, 1000]);
  expect(clients.slice(5).filter(({ socket }) => socket.readyState === 1)).toHaveLength(20);
});

test("a user who opens socket after socket is refused for a while", async () => {
  const statuses: unknown[] = [];
  for (let index = 0; index < 65; index += 1) statuses.push(await open());

  expect(statuses.filter((each) => each === 429).length).toBeGreaterThanOrEqual(4);
});

test("a director can subscribe to a corporation that was just added", async () => {
  const [home] = (await world.truth()).corporations;
  const director = await directorOf(home?.ceo.characterId as number);
  const client = await open(director);

  const answer = await client.subscribe(`corporation:${corporationId}`, ...foreign(3));

  expect(answer).toEqual({ topics: [`corporation:${corporationId}`], refused: foreign(3) });
});
