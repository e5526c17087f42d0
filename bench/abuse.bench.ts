import { setTimeout as delay } from "node:timers/promises";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Session from "@tapi/core/identity/session";
import * as Owner from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as SocketTicket from "@tapi/core/product/socket-ticket";
import { sessionCookieOf } from "../packages/core/test/pilot.ts";
import { type Bench, type Figure, median, timed } from "./figure.ts";
import { type BenchStack, startBenchStack } from "./stack.ts";

/*
 * One process answers everybody, as on one machine: what somebody else's abuse costs a director who looks at the board.
 */

const warmUp = 50;
const quietAsks = 150;
/** Below the user's own limit, with all asks before. */
const mostAsks = 390;
const socketMessages = 200;
const anonymousAsks = 1000;
const anonymousASecond = 100;

type Ask = (path: string, cookie?: string) => Promise<number>;

/** API Gateway's event, payload 2.0; all anonymous ones come from one address. */
const eventOf = (path: string, cookie: string | undefined) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  ...(cookie ? { cookies: [cookie] } : {}),
  headers: { host: "localhost" },
  requestContext: {
    http: {
      method: "GET",
      path,
      protocol: "HTTP/1.1",
      sourceIp: cookie ? "192.0.2.1" : "198.51.100.7",
      userAgent: "bench",
    },
    requestId: "bench",
    stage: "$default",
  },
  isBase64Encoded: false,
});

/** Read once the environment is set. */
async function api(): Promise<Ask> {
  const { handler } = (await import("../packages/functions/src/api/index.ts")) as unknown as {
    handler: (event: object) => Promise<{ statusCode: number }>;
  };
  return async (path, cookie) => (await handler(eventOf(path, cookie))).statusCode;
}

/** Asks one after the other until the time is over; what each took. */
async function look(ask: () => Promise<number>, most: number, isOver = () => false): Promise<number[]> {
  const took: number[] = [];
  while (took.length < most && !isOver()) {
    const { ms, result } = await timed(ask);
    if (result !== 200) throw new Error(`the director is answered ${result}`);
    took.push(ms);
  }
  return took;
}

/** Anonymous requests from one address, a hundred a second, each as a request of its own; how many were refused. */
async function flood(ask: Ask): Promise<number> {
  const statuses: Promise<number>[] = [];
  while (statuses.length < anonymousAsks) {
    statuses.push(ask("/api/v1/session"));
    await delay(1000 / anonymousASecond);
  }
  return (await Promise.all(statuses)).filter((status) => status === 429).length;
}

/** A user's socket that asks for fifty foreign corporations, again and again. */
async function openAbuser(characterId: number) {
  const { startSockets } = await import("../packages/functions/test/sockets.ts");
  const actor = await Session.resolve(await sessionCookieOf(characterId));
  if (!actor) throw new Error("the abuser has no session");
  const { ticket } = await Actor.provide(actor, () => SocketTicket.issue());
  const sockets = await startSockets();
  const client = await sockets.open(["tapi.v1", `ticket.${ticket}`]);
  if (typeof client === "number") throw new Error(`the socket is refused: ${client}`);
  const topics = Array.from({ length: 50 }, (_, index) => `corporation:${98_500_000 + index}`);
  return {
    abuse: async () => {
      for (let sent = 0; sent < socketMessages; sent += 1) client.send({ action: "subscribe", topics });
      await client.closed;
    },
    close: () => sockets.close(),
  };
}

async function measure({ pilot, control }: BenchStack): Promise<Figure[]> {
  const ask = await api();
  const { corporations } = (await control("world")) as { corporations: { ceo: { characterId: number } }[] };
  const abuser = await openAbuser(corporations[1]?.ceo.characterId as number);
  const cookie = `${Session.sessionCookie()}=${await sessionCookieOf(pilot.characterId)}`;
  const board = () => ask(`/api/v1/corporations/${pilot.corporationId}/freshness`, cookie);
  await look(board, warmUp);
  const quiet = await look(board, quietAsks);
  let isOver = false;
  const abuse = Promise.all([flood(ask), abuser.abuse()]).finally(() => {
    isOver = true;
  });
  const disturbed = await look(board, mostAsks, () => isOver);
  const [refused] = await abuse;
  await abuser.close();
  return [
    {
      name: "a director's request beside abuse / without it",
      value: median(disturbed) / median(quiet),
      unit: "x",
      goal: "< 2",
      detail: `${disturbed.length} asks, ${median(quiet).toFixed(1)} ms without; ${refused} of ${anonymousAsks} anonymous ones refused`,
    },
    { name: "the slowest of them beside abuse", value: Math.max(...disturbed), unit: "ms" },
  ];
}

export default {
  name: "Abuse: 200 messages of a socket and 1,000 anonymous requests",
  async run() {
    const stack = await startBenchStack();
    try {
      await stack.system(() =>
        Refresh.run({ owner: Owner.corporation(stack.pilot.corporationId), datasets: ["wallets"], reason: "schedule" }),
      );
      return await measure(stack);
    } finally {
      await stack.close();
    }
  },
} satisfies Bench;
