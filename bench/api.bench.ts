import * as Refresh from "@tapi/core/engine/refresh";
import * as Session from "@tapi/core/identity/session";
import * as Owner from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import * as Db from "@tapi/core/platform/db";
import { sessionCookieOf } from "../packages/core/test/pilot.ts";
import { type Bench, type Figure, median, timed } from "./figure.ts";
import { type BenchStack, startBenchStack } from "./stack.ts";

const rounds = 200;
const warmUp = 50;

type Send = ReturnType<typeof Db.client>["send"];
type Command = Parameters<Send>[0];

/** A DynamoDB call of a request, and how many calls before it had been answered when it began: what it waited for. */
interface Call {
  command: Command;
  after: number;
}

/** Records which calls a request makes and which of them run side by side. */
async function record(body: () => Promise<unknown>): Promise<Call[]> {
  const calls: Call[] = [];
  let answered = 0;
  const client = Db.client();
  const send = client.send.bind(client) as (command: Command) => Promise<unknown>;
  client.send = (async (command: Command) => {
    calls.push({ command, after: answered });
    const result = await send(command);
    answered += 1;
    return result;
  }) as Send;
  await body();
  client.send = send as Send;
  return calls;
}

const again = ({ command }: Call): Command => {
  const Kind = command.constructor as new (input: object) => Command;
  return new Kind(command.input);
};

/** The same calls, no more: one after the other where the request waited, side by side where it did not. */
async function replay(calls: readonly Call[]): Promise<void> {
  const waves = [...new Set(calls.map((call) => call.after))];
  for (const wave of waves) {
    await Promise.all(calls.filter((call) => call.after === wave).map((call) => Db.client().send(again(call))));
  }
}

/** An API Gateway event, payload 2.0, with what the handler reads of it. */
const eventOf = (path: string, cookie: string) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  cookies: [cookie],
  headers: { host: "localhost" },
  requestContext: {
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "bench" },
    requestId: "bench",
    stage: "$default",
    time: "",
    timeEpoch: 0,
  },
  isBase64Encoded: false,
});

async function measure(stack: BenchStack, path: string): Promise<Figure> {
  const { handler } = (await import("../packages/functions/src/api/index.ts")) as unknown as {
    handler: (event: object) => Promise<{ statusCode: number; body: string }>;
  };
  const cookie = `${Session.sessionCookie()}=${await sessionCookieOf(stack.pilot.characterId)}`;
  const ask = () => handler(eventOf(path, cookie));
  const answer = await ask();
  if (answer.statusCode !== 200) throw new Error(`${path} answers ${answer.statusCode}: ${answer.body}`);
  const calls = await record(ask);
  const ratios: number[] = [];
  for (let round = 0; round < warmUp + rounds; round += 1) {
    const bare = (await timed(() => replay(calls))).ms;
    const asked = (await timed(ask)).ms;
    if (round >= warmUp) ratios.push(asked / bare);
  }
  return {
    name: `GET ${path.replace(/\d{3,}/, ":id")} / its DynamoDB calls`,
    value: median(ratios),
    unit: "x",
    goal: "<= 3",
    detail: `${calls.length} calls`,
  };
}

export default {
  name: "API",
  async run() {
    const stack = await startBenchStack();
    try {
      const { corporationId } = stack.pilot;
      Config.reset();
      await Actor.provide({ type: "system", name: "bench" }, () =>
        Refresh.run({ owner: Owner.corporation(corporationId), datasets: ["wallets"], reason: "schedule" }),
      );
      return [
        await measure(stack, `/api/v1/corporations/${corporationId}/freshness`),
        await measure(stack, "/api/v1/session"),
      ];
    } finally {
      await stack.close();
    }
  },
} satisfies Bench;
