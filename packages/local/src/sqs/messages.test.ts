import { createHash } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
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

const remove = (ReceiptHandle: string | undefined) =>
  client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
  client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue.url, ReceiptHandle, VisibilityTimeout }));

test("a message arrives as it was sent, with what SQS tells about it", async () => {
  const body = '{"text":"Ørsted \u{1F680}"}';
  const before = Date.now();

  const sent = await queue.send(body, {
    MessageAttributes: {
      kind: { DataType: "String", StringValue: "assets" },
      size: { DataType: "Number.int", StringValue: "7" },
      blob: { DataType: "Binary", BinaryValue: new Uint8Array([0, 1, 255]) },
    },
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1-abc" } },
  });
  const [message] = await queue.receive({ MessageAttributeNames: ["All"] });

  expect(sent.MD5OfMessageBody).toBe(createHash("md5").update(body).digest("hex"));
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: body, MD5OfBody: sent.MD5OfMessageBody });
  expect(message?.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  expect(message?.MessageAttributes?.blob?.BinaryValue).toEqual(new Uint8Array([0, 1, 255]));
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: "1", AWSTraceHeader: "Root=1-abc" });
  expect(Number(message?.Attributes?.SentTimestamp)).toBeGreaterThanOrEqual(before);
  expect(Number(message?.Attributes?.ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(before);
});

// A sum that the real service computed; ElasticMQ's and LocalStack's tests hold the same one.
test("the sum over attributes is the one that AWS computes", async () => {
  const { MD5OfMessageAttributes } = await queue.send("x", {
    MessageAttributes: { timestamp: { DataType: "Number", StringValue: "1493147359900" } },
  });

  expect(MD5OfMessageAttributes).toBe("235c5c510d26fb653d073faed50ae77c");
});

test("only the attributes that were asked for are returned", async () => {
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await queue.send("x", { MessageAttributes: { "job.kind": text("a"), "job.id": text("b"), other: text("c") } });

  const [message] = await queue.receive({
    MessageAttributeNames: ["job.*"],
    MessageSystemAttributeNames: ["SentTimestamp"],
  });

  expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(["job.id", "job.kind"]);
  expect(Object.keys(message?.Attributes ?? {})).toEqual(["SentTimestamp"]);
});

test("a received message is hidden until its visibility timeout ends, then counts as a second delivery", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("x");

  const [first] = await queue.receive({ VisibilityTimeout: 60 });
  const hidden = await queue.receive();
  clock.advance(60);
  const [second] = await queue.receive();

  expect(hidden).toEqual([]);
  expect(second?.MessageId).toBe(first?.MessageId);
  expect(second?.Attributes?.ApproximateReceiveCount).toBe("2");
  expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
});

test("once the clock has gone back by a day, nothing waits for longer than SQS lets anybody wait", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("delayed", { DelaySeconds: 600 });
  await queue.send("held");
  await queue.receive({ VisibilityTimeout: 600 });

  clock.advance(-86_400);

  expect((await queue.receiveBodies()).sort()).toEqual(["delayed", "held"]);
});

test("a clock that goes ahead by a day and back again loses no message", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("kept");

  clock.advance(86_400);
  clock.advance(-86_400);

  expect(await queue.receiveBodies()).toEqual(["kept"]);
});

test("a deleted message never comes back, and deleting it again is no error", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("x");
  const [message] = await queue.receive();

  await remove(message?.ReceiptHandle);
  await remove(message?.ReceiptHandle);
  clock.advance(3600);

  expect(await queue.receive()).toEqual([]);
  expect(await queue.counts()).toEqual([0, 0, 0]);
});

test("a late consumer cannot delete what another one is working on", async () => {
  await queue.send("x");
  const [late] = await queue.receive({ VisibilityTimeout: 0 });
  await queue.receive();

  await remove(late?.ReceiptHandle);

  expect(await queue.counts()).toEqual([0, 1, 0]);
});

test("a handle that SQS never gave out is refused", async () => {
  await expect(remove("nonsense")).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
});

test("a consumer can give a message back at once, or keep it longer", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("back");
  await queue.send("keep");
  const [back, keep] = await queue.receive({ VisibilityTimeout: 30 });

  await change(back?.ReceiptHandle, 0);
  await change(keep?.ReceiptHandle, 90);
  const again = await queue.receiveBodies();
  clock.advance(60);
  const afterMinute = await queue.receiveBodies();
  clock.advance(31);
  const afterTimeout = await queue.receiveBodies({ VisibilityTimeout: 0 });

  expect(again).toEqual(["back"]);
  expect(afterMinute).toEqual(["back"]);
  expect(afterTimeout).toContain("keep");
});

test("the visibility of a message that nobody holds cannot be changed", async () => {
  await queue.send("x");
  const [message] = await queue.receive({ VisibilityTimeout: 0 });

  await expect(change(message?.ReceiptHandle, 10)).rejects.toMatchObject({
    name: "MessageNotInflight",
    Code: "AWS.SimpleQueueService.MessageNotInflight",
  });
});

test("a delayed message is hidden until it is due", async () => {
  const clock = frozenClock(sqs.wake);
  await queue.send("later", { DelaySeconds: 900 });

  const early = await queue.receive();
  const counts = await queue.counts();
  clock.advance(900);

  expect(early).toEqual([]);
  expect(counts).toEqual([0, 0, 1]);
  expect(await queue.receiveBodies()).toEqual(["later"]);
});

test("the queue's own delay holds unless the message names another", async () => {
  const clock = frozenClock(sqs.wake);
  const slow = await TestQueue.create(client, { DelaySeconds: "60" });
  await slow.send("slow");
  await slow.send("now", { DelaySeconds: 0 });

  const first = await slow.receiveBodies({ VisibilityTimeout: 600 });
  clock.advance(60);

  expect(first).toEqual(["now"]);
  expect(await slow.receiveBodies()).toEqual(["slow"]);
});

test("counts tell visible, in flight and delayed apart", async () => {
  for (const body of ["a", "b", "c"]) await queue.send(body);
  await queue.send("d", { DelaySeconds: 60 });
  await queue.receive({ MaxNumberOfMessages: 2 });

  expect(await queue.counts()).toEqual([1, 2, 1]);
});

test("messages older than the retention period are gone", async () => {
  const clock = frozenClock(sqs.wake);
  const brief = await TestQueue.create(client, { MessageRetentionPeriod: "60" });
  await brief.send("old");
  clock.advance(59);
  await brief.send("new");

  clock.advance(1);

  expect(await brief.counts()).toEqual([1, 0, 0]);
  expect(await brief.receiveBodies()).toEqual(["new"]);
});

test("two thousand messages go through, each once", async () => {
  const sizes = Array.from({ length: 200 }, (_, index) => index);
  const sendSome = async (from: number) => {
    for (const batch of sizes.filter((index) => index % 8 === from)) {
      const Entries = Array.from({ length: 10 }, (_, index) => ({
        Id: `${index}`,
        MessageBody: `${batch * 10 + index}`,
      }));
      await client.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    }
  };
  const seen: number[] = [];
  const drain = async (): Promise<void> => {
    const messages = await queue.receive();
    if (messages.length === 0) return;
    seen.push(...messages.map(({ Body }) => Number(Body)));
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }));
    return drain();
  };

  await Promise.all(Array.from({ length: 8 }, (_, index) => sendSome(index)));
  await Promise.all(Array.from({ length: 8 }, drain));

  expect(seen).toHaveLength(2_000);
  expect(new Set(seen).size).toBe(2_000);
  expect(await queue.counts()).toEqual([0, 0, 0]);
});
