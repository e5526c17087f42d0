import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Sqs, startSqs } from "./index.ts";
import { connect, frozenClock, TestQueue } from "./sqs.fixture.ts";

let sqs: Sqs;
let client: SQSClient;

beforeAll(async () => {
  sqs = await startSqs();
  client = connect(sqs.url);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

const create = (attributes: Record<string, string> = {}) =>
  TestQueue.create(client, { FifoQueue: "true", ContentBasedDeduplication: "true", ...attributes });
const to = (MessageGroupId: string) => ({ MessageGroupId });
const remove = (queue: TestQueue, message: Message | undefined) =>
  client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message?.ReceiptHandle }));
const giveBack = (queue: TestQueue, message: Message | undefined) =>
  client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );

test("a group's messages come in the order sent, with rising sequence numbers", async () => {
  const queue = await create();
  for (const body of ["1", "2", "3"]) await queue.send(body, to("a"));

  const messages = await queue.receive();

  expect(messages.map(({ Body }) => Body)).toEqual(["1", "2", "3"]);
  const sequence = messages.map(({ Attributes }) => Attributes?.SequenceNumber ?? "");
  expect(sequence).toEqual([...sequence].sort());
  expect(messages[0]?.Attributes).toMatchObject({ MessageGroupId: "a" });
});

test("while one of a group's messages is in flight the group is held, and others are not", async () => {
  const queue = await create();
  for (const [body, group] of [
    ["a1", "a"],
    ["a2", "a"],
    ["b1", "b"],
  ] as const)
    await queue.send(body, to(group));

  const [first] = await queue.receive({ MaxNumberOfMessages: 1 });
  const others = await queue.receiveBodies();
  await remove(queue, first);
  const after = await queue.receiveBodies();

  expect([first?.Body, others, after]).toEqual(["a1", ["b1"], ["a2"]]);
});

test("a group is held until the last of a delivered batch is settled", async () => {
  const queue = await create();
  for (const body of ["1", "2", "3"]) await queue.send(body, to("a"));
  const [first, second] = await queue.receive({ MaxNumberOfMessages: 2 });

  await giveBack(queue, first);
  const held = await queue.receiveBodies();
  await giveBack(queue, second);

  expect(held).toEqual([]);
  expect(await queue.receiveBodies()).toEqual(["1", "2", "3"]);
});

test("a message that comes back comes back before its successors", async () => {
  const clock = frozenClock(sqs.wake);
  const queue = await create();
  for (const body of ["1", "2", "3"]) await queue.send(body, to("a"));

  await queue.receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 10 });
  clock.advance(10);

  expect(await queue.receiveBodies()).toEqual(["1", "2", "3"]);
});

test("a handle whose visibility timeout has ended deletes nothing", async () => {
  const queue = await create();
  await queue.send("1", to("a"));
  const [message] = await queue.receive({ VisibilityTimeout: 0 });

  await expect(remove(queue, message)).rejects.toThrow(/expired/);
  expect(await queue.counts()).toEqual([1, 0, 0]);
});

test("the same contents within five minutes are one message, and later another", async () => {
  const clock = frozenClock(sqs.wake);
  const queue = await create();

  const first = await queue.send("x", to("a"));
  await queue.receive({ VisibilityTimeout: 1000 }).then(([message]) => remove(queue, message));
  clock.advance(299);
  const again = await queue.send("x", to("b"));
  clock.advance(1);
  const later = await queue.send("x", to("a"));

  expect(again).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
  expect(later.MessageId).not.toBe(first.MessageId);
  expect(await queue.counts()).toEqual([1, 0, 0]);
});

test("a deduplication id counts instead of the contents", async () => {
  const queue = await create();
  const id = randomUUID();

  await queue.send("x", { ...to("a"), MessageDeduplicationId: id });
  await queue.send("y", { ...to("a"), MessageDeduplicationId: id });
  await queue.send("x", { ...to("a"), MessageDeduplicationId: randomUUID() });

  expect(await queue.receiveBodies()).toEqual(["x", "x"]);
});

test("deduplication by group leaves other groups alone", async () => {
  const queue = await create({ DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" });

  for (const group of ["a", "b", "a"]) await queue.send("x", to(group));

  expect(await queue.counts()).toEqual([2, 0, 0]);
});

test("groups are served in turn, so that a long one starves no other", async () => {
  const queue = await create();
  for (const body of ["a1", "a2", "a3"]) await queue.send(body, to("a"));
  await queue.send("b1", to("b"));
  const served: (string | undefined)[] = [];

  for (let count = 0; count < 2; count++) {
    const [message] = await queue.receive({ MaxNumberOfMessages: 1 });
    served.push(message?.Body);
    await remove(queue, message);
  }

  expect(served).toEqual(["a1", "b1"]);
});

test("a deleted message frees its group for a waiting poll", async () => {
  const queue = await create();
  await queue.send("1", to("a"));
  await queue.send("2", to("a"));
  const [first] = await queue.receive({ MaxNumberOfMessages: 1 });
  const poll = queue.receiveBodies({ WaitTimeSeconds: 20 });

  await remove(queue, first);

  expect(await poll).toEqual(["2"]);
});

test.each([
  ["without a group", {}, "MissingParameter"],
  ["with a delay of its own", { ...to("a"), DelaySeconds: 5 }, "InvalidParameterValue"],
])("a message %s is refused", async (_, input, Code) => {
  const queue = await create();

  await expect(queue.send("x", input)).rejects.toMatchObject({ Code });
});

test("a message needs a deduplication id where contents do not serve as one", async () => {
  const queue = await create({ ContentBasedDeduplication: "false" });

  await expect(queue.send("x", to("a"))).rejects.toMatchObject({ Code: "InvalidParameterValue" });
});

test("a FIFO queue's name ends in .fifo, and no other's does", async () => {
  const plain = new CreateQueueCommand({ QueueName: "plain", Attributes: { FifoQueue: "true" } });
  const fifo = new CreateQueueCommand({ QueueName: "q.fifo" });

  await expect(client.send(plain)).rejects.toMatchObject({ Code: "InvalidParameterValue" });
  await expect(client.send(fifo)).rejects.toMatchObject({ Code: "InvalidParameterValue" });
});
