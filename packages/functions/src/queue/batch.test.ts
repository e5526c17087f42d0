import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { type QueueName, queueName, refreshQueues } from "@tapi/core/platform/topology";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { consume } from "./consume.ts";

interface Postponed {
  QueueUrl: string;
  ReceiptHandle: string;
  VisibilityTimeout: number;
}

const Message = z.object({ text: z.string() });
const endpoint = process.env.SQS_ENDPOINT as string;
let sqs: Server;
let postponed: Postponed[];
let up: boolean;

// SQS as far as a consumer needs it: it notes what is postponed, and can be down.
beforeAll(async () => {
  sqs = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (!up) return void response.writeHead(400).end(JSON.stringify({ __type: "AWS.SimpleQueueService.Down" }));
    postponed.push(JSON.parse(body));
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end("{}");
  });
  await new Promise<void>((done) => sqs.listen(0, "127.0.0.1", done));
  process.env.SQS_ENDPOINT = `http://127.0.0.1:${(sqs.address() as AddressInfo).port}`;
  Config.reset();
});
afterAll(async () => {
  process.env.SQS_ENDPOINT = endpoint;
  Config.reset();
  sqs.closeAllConnections();
  await new Promise((done) => sqs.close(done));
});

beforeEach(() => {
  postponed = [];
  up = true;
});

const record = (id: string, body: string, tries = 1, queue: QueueName = "members"): SQSRecord =>
  ({
    messageId: id,
    receiptHandle: `handle-${id}`,
    body,
    attributes: { ApproximateReceiveCount: String(tries) },
    messageAttributes: {},
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName("local", queue)}`,
  }) as unknown as SQSRecord;

const event = (...Records: SQSRecord[]): SQSEvent => ({ Records });
const say = (text: string) => JSON.stringify({ text });

test("one bad record costs its neighbours nothing: they are done once, it alone comes again", async () => {
  const done: string[] = [];
  const handler = consume(Message, async ({ text }) => {
    if (text === "bad") throw new Error("no");
    done.push(text);
  });

  const answer = await handler(
    event(
      record("1", say("first")),
      record("2", "not json"),
      record("3", say("bad")),
      record("4", '{"text":7}'),
      record("5", say("last")),
    ),
  );

  expect(done).toEqual(["first", "last"]);
  expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).sort()).toEqual(["2", "3", "4"]);
});

test("a message is worked on by the system, and the batch is settled once, after all of it", async () => {
  const seen: string[] = [];
  const handler = consume(
    Message,
    async ({ text }) => {
      seen.push(`${Actor.use().type} ${text}`);
    },
    {
      afterBatch: async () => {
        seen.push("settled");
      },
    },
  );

  await handler(event(record("1", say("a")), record("2", say("b"))));

  expect(seen).toEqual(["system a", "system b", "settled"]);
});

test("a failed message comes back sooner than its visibility timeout, later with each try, five minutes at most", async () => {
  const handler = consume(Message, async () => {
    throw new Error("no");
  });

  for (let tries = 1; tries <= 8; tries += 1) await handler(event(record(`try ${tries}`, say("x"), tries)));

  const longest = [10, 20, 40, 80, 160, 300, 300, 300];
  expect(postponed.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(longest.map((_, at) => `handle-try ${at + 1}`));
  for (const [at, { VisibilityTimeout }] of postponed.entries()) {
    expect(VisibilityTimeout).toBeGreaterThanOrEqual((longest[at] as number) / 2);
    expect(VisibilityTimeout).toBeLessThanOrEqual(longest[at] as number);
  }
});

test.each([...refreshQueues, "realtime" as const])(
  "a failed message of %s is postponed in its own queue",
  async (queue) => {
    const handler = consume(Message, async () => {
      throw new Error("no");
    });

    await handler(event(record("1", say("x"), 1, queue)));

    expect(postponed.map(({ QueueUrl }) => QueueUrl)).toEqual([Config.queueUrl(queue)]);
  },
);

test("a message that cannot even be postponed is still reported, and comes back by its visibility timeout", async () => {
  up = false;
  const handler = consume(Message, async () => {
    throw new Error("no");
  });

  const answer = await handler(event(record("1", say("x")), record("2", say("y"))));

  expect(answer.batchItemFailures).toHaveLength(2);
});
