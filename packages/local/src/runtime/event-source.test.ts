import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSqs } from "../sqs/index.ts";
import { type EventSource, startEventSource } from "./event-source.ts";
import { createQueueClient, type QueueClient } from "./queue-client.ts";
import { createSlots } from "./slots.ts";
import { InvocationError } from "./topology.ts";

let sqs: Awaited<ReturnType<typeof startSqs>>;
let client: QueueClient;
let source: EventSource | undefined;
let batches: SQSEvent["Records"][];
let errors: string[];

beforeEach(async () => {
  sqs = await startSqs({});
  client = createQueueClient(sqs.url);
  source = undefined;
  batches = [];
  errors = [];
});

afterEach(async () => {
  await source?.close(100);
  await sqs.close();
});

async function call(operation: string, input: object): Promise<Record<string, unknown>> {
  const response = await fetch(sqs.url, {
    method: "POST",
    headers: { "x-amz-target": `AmazonSQS.${operation}`, "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json().catch(() => ({}))) as Record<string, unknown>;
}

const send = (QueueUrl: string, bodies: string[], extra: object = {}) =>
  call("SendMessageBatch", {
    QueueUrl,
    Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody, ...extra })),
  });

async function depth(QueueUrl: string): Promise<number> {
  const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"];
  const { Attributes } = await call("GetQueueAttributes", { QueueUrl, AttributeNames: names });
  return names.reduce((sum, name) => sum + Number((Attributes as Record<string, string>)[name]), 0);
}

/** A queue whose failed messages come back after a second and go to its dead-letter queue after two receives. */
async function queue(name = "work"): Promise<{ url: string; deadLetters: string }> {
  const fifo = name.endsWith(".fifo") ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {};
  const dead = `dead-${name}`;
  const deadLetters = await client.ensure(dead, fifo);
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${dead}`;
  const url = await client.ensure(name, {
    ...fifo,
    VisibilityTimeout: "1",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  });
  return { url, deadLetters };
}

function consume(
  queueUrl: string,
  handler: (records: SQSEvent["Records"]) => unknown,
  settings: Partial<{ batchSize: number; windowSeconds: number; maxConcurrency: number }> = {},
): void {
  source = startEventSource({
    client,
    queueUrl,
    queueArn: "arn:aws:sqs:us-east-1:000000000000:work",
    consumer: { function: "consumer", batchSize: 10, windowSeconds: 0, maxConcurrency: 2, ...settings },
    invoke: async (_name, event) => {
      const { Records } = event as SQSEvent;
      batches.push(Records);
      return handler(Records);
    },
    onError: (message) => errors.push(message),
  });
}

const bodies = () => batches.map((records) => records.map(({ body }) => body));

test("a record carries what Lambda's does, and a handled message is deleted", async () => {
  const { url } = await queue();
  await send(url, ["hello"], { MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } } });

  consume(url, () => undefined);

  await expect.poll(() => batches.length).toBe(1);
  await expect.poll(() => depth(url)).toBe(0);
  expect(batches[0]?.[0]).toMatchObject({
    body: "hello",
    md5OfBody: "5d41402abc4b2a76b9719d911017c592",
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    messageAttributes: { kind: { dataType: "String", stringValue: "greeting" } },
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:work",
    awsRegion: "us-east-1",
  });
});

test("messages that arrive within the window share a batch, which ends early when it is full", async () => {
  const { url } = await queue();
  consume(url, () => undefined, { batchSize: 3, windowSeconds: 30 });

  await send(url, ["a"]);
  await send(url, ["b"]);
  await send(url, ["c"]);

  await expect.poll(bodies, { timeout: 10_000 }).toEqual([["a", "b", "c"]]);
});

test("an unfilled batch is invoked when its window ends", async () => {
  const { url } = await queue();
  const startedAt = performance.now();

  consume(url, () => undefined, { batchSize: 10, windowSeconds: 0.5 });
  await send(url, ["a"]);

  await expect.poll(bodies).toEqual([["a"]]);
  expect(performance.now() - startedAt).toBeGreaterThan(450);
});

test("without a window a message is invoked at once", async () => {
  const { url } = await queue();
  consume(url, () => undefined);

  await send(url, ["a"]);

  // Sooner than the longest window and the longest poll, which are 20 seconds and more.
  await expect.poll(bodies, { timeout: 10_000 }).toEqual([["a"]]);
});

test("only the messages reported as failed come again", async () => {
  const { url } = await queue();
  await send(url, ["good", "bad"]);
  let first = true;

  consume(url, (records) => {
    const failed = first ? records.filter(({ body }) => body === "bad") : [];
    first = false;
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });

  await expect.poll(bodies, { timeout: 5000 }).toEqual([["good", "bad"], ["bad"]]);
  expect(batches[1]?.[0]?.attributes.ApproximateReceiveCount).toBe("2");
  await expect.poll(() => depth(url)).toBe(0);
});

test.each([
  ["names an unknown message", { batchItemFailures: [{ itemIdentifier: "nobody" }] }],
  ["names nothing", { batchItemFailures: [{}] }],
  ["is no list", { batchItemFailures: "all" }],
])("an answer that %s fails the whole batch", async (_name, answer) => {
  const { url } = await queue();
  await send(url, ["a", "b"]);
  let first = true;

  consume(url, () => {
    const given = first ? answer : null;
    first = false;
    return given;
  });

  await expect.poll(() => batches.length, { timeout: 5000 }).toBeGreaterThan(1);
  await expect.poll(() => depth(url), { timeout: 5000 }).toBe(0);
  expect(bodies().slice(1).flat().sort()).toEqual(["a", "b"]);
});

test("a poison message goes to the dead-letter queue after its receives, the others are done", async () => {
  const { url, deadLetters } = await queue();
  await send(url, ["fine", "poison"]);

  consume(
    url,
    ([record]) => {
      if (record?.body === "poison") throw new InvocationError("Error", "cannot");
    },
    { batchSize: 1 },
  );

  await expect.poll(() => depth(deadLetters), { timeout: 8000 }).toBe(1);
  await expect.poll(() => depth(url)).toBe(0);
  expect(bodies().filter(([body]) => body === "poison")).toHaveLength(2);
});

test("no more batches run at once than the mapping allows, and all are done", async () => {
  const { url } = await queue();
  await send(url, ["1", "2", "3", "4", "5", "6"]);
  let running = 0;
  let most = 0;

  consume(
    url,
    async () => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, 60));
      running--;
    },
    { batchSize: 1, maxConcurrency: 3 },
  );

  await expect.poll(() => depth(url), { timeout: 5000 }).toBe(0);
  expect(batches).toHaveLength(6);
  expect(most).toBe(3);
});

test("a FIFO queue's group is handled in order, one batch at a time", async () => {
  const { url } = await queue("ordered.fifo");
  const order: string[] = [];
  await send(url, ["1", "2", "3", "4", "5"], { MessageGroupId: "one" });

  consume(
    url,
    async (records) => {
      for (const { body } of records) {
        await new Promise((done) => setTimeout(done, 10));
        order.push(body);
      }
    },
    { batchSize: 2, maxConcurrency: 5 },
  );

  await expect.poll(() => order, { timeout: 5000 }).toEqual(["1", "2", "3", "4", "5"]);
});

test("polling goes on after the queue server was unreachable", async () => {
  const { url } = await queue();
  const steady = client;
  let broken = true;
  client = {
    ...steady,
    receive: (...input) => (broken ? Promise.reject(new Error("connection refused")) : steady.receive(...input)),
  };
  consume(url, () => undefined);
  await expect.poll(() => errors.length).toBeGreaterThan(0);

  broken = false;
  await send(url, ["late"]);

  await expect.poll(bodies, { timeout: 5000 }).toEqual([["late"]]);
});

test("closing waits for the running batch and leaves nothing half done", async () => {
  const { url } = await queue();
  await send(url, ["a"]);
  consume(url, () => new Promise((done) => setTimeout(done, 100)));
  await expect.poll(() => batches.length).toBe(1);

  await source?.close(2000);

  await expect(depth(url)).resolves.toBe(0);
});

test("queues that share slots run no more batches at once than there are, and all get their turn", async () => {
  const names = ["one", "two", "three"];
  const urls = await Promise.all(names.map(async (name) => (await queue(name)).url));
  await Promise.all(urls.map((url) => send(url, ["a", "b", "c", "d"])));
  const slots = createSlots(2);
  const running: (() => void)[] = [];
  let most = 0;
  const sources = urls.map((queueUrl) =>
    startEventSource({
      client,
      queueUrl,
      queueArn: "arn:aws:sqs:us-east-1:000000000000:work",
      consumer: { function: "consumer", batchSize: 1, windowSeconds: 0, maxConcurrency: 10 },
      slots,
      invoke: async (_name, event) => {
        batches.push((event as SQSEvent).Records);
        await new Promise<void>((done) => {
          most = Math.max(most, running.push(done));
        });
      },
      onError: (message) => errors.push(message),
    }),
  );

  await expect.poll(() => running.length).toBe(2);
  for (let done = 0; done < 12; done += 1) {
    await expect.poll(() => running.length).toBeGreaterThan(0);
    running.shift()?.();
  }
  await Promise.all(sources.map((each) => each.close(1000)));

  expect({ most, batches: batches.length, errors }).toEqual({ most: 2, batches: 12, errors: [] });
});

test("a source that waits for a slot which is never freed ends within its grace", async () => {
  const { url } = await queue();
  const slots = createSlots(1);
  await slots.take();
  await send(url, ["a"]);
  source = startEventSource({
    client,
    queueUrl: url,
    queueArn: "arn:aws:sqs:us-east-1:000000000000:work",
    consumer: { function: "consumer", batchSize: 1, windowSeconds: 0, maxConcurrency: 1 },
    slots,
    invoke: async () => batches.push([]),
    onError: (message) => errors.push(message),
  });
  await expect
    .poll(() =>
      call("GetQueueAttributes", { QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessagesNotVisible"] }),
    )
    .toMatchObject({ Attributes: { ApproximateNumberOfMessagesNotVisible: "1" } });

  await source.close(20);

  expect(batches).toEqual([]);
});
