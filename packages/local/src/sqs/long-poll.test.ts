import { once } from "node:events";
import { request } from "node:http";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Sqs, startSqs } from "./index.ts";
import { connect, frozenClock, TestQueue } from "./sqs.fixture.ts";

let sqs: Sqs;
let client: SQSClient;
let queue: TestQueue;

beforeAll(async () => {
  sqs = await startSqs();
  client = connect(sqs.url);
});
beforeEach(async () => {
  queue = await TestQueue.create(client);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

test("a long poll is answered when a message is sent", async () => {
  const poll = queue.receiveBodies({ WaitTimeSeconds: 20 });

  await queue.send("x");

  expect(await poll).toEqual(["x"]);
});

test("a long poll is answered when a hidden message becomes visible", async () => {
  await queue.send("x");
  await queue.receive({ VisibilityTimeout: 1 });

  expect(await queue.receiveBodies({ WaitTimeSeconds: 20 })).toEqual(["x"]);
});

test("a long poll is answered when simulated time makes a message due", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("x", { DelaySeconds: 900 });
  const poll = queue.receiveBodies({ WaitTimeSeconds: 20 });

  clock.advance(900);

  expect(await poll).toEqual(["x"]);
});

test("a long poll ends empty after its time, in real seconds", async () => {
  const startedAt = performance.now();

  const messages = await queue.receive({ WaitTimeSeconds: 1 });

  expect(messages).toEqual([]);
  expect(performance.now() - startedAt).toBeGreaterThan(900);
});

test("the queue's own waiting time holds for a receive that names none", async () => {
  const patient = await TestQueue.create(client, { ReceiveMessageWaitTimeSeconds: "20" });
  const poll = patient.receiveBodies();

  await patient.send("x");

  expect(await poll).toEqual(["x"]);
});

test("a poll whose consumer has gone takes no message with it", async () => {
  const body = JSON.stringify({ QueueUrl: queue.url, WaitTimeSeconds: 20 });
  const poll = request(sqs.url, { method: "POST", headers: { "x-amz-target": "AmazonSQS.ReceiveMessage" } });
  poll.on("error", () => undefined).end(body);
  await once(poll, "finish");
  await queue.counts();

  poll.destroy();
  await queue.counts();
  await queue.send("x");

  expect(await queue.receiveBodies({ WaitTimeSeconds: 2 })).toEqual(["x"]);
});

test("waiting consumers share what comes, each message going to one", async () => {
  const polls = Array.from({ length: 5 }, () => queue.receiveBodies({ WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));

  await Promise.all(["a", "b", "c", "d", "e"].map((body) => queue.send(body)));

  expect((await Promise.all(polls)).flat().sort()).toEqual(["a", "b", "c", "d", "e"]);
});
