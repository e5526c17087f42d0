import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Sqs, startSqs } from "./index.ts";
import { connect, TestQueue } from "./sqs.fixture.ts";

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
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

test("a batch reports each entry, and one that fails touches no other", async () => {
  const { Successful = [], Failed = [] } = await client.send(
    new SendMessageBatchCommand({
      QueueUrl: queue.url,
      Entries: [
        { Id: "good", MessageBody: "x" },
        { Id: "bad", MessageBody: "\u0000" },
        { Id: "late", MessageBody: "y", DelaySeconds: 60 },
      ],
    }),
  );

  expect(Successful.map(({ Id }) => Id)).toEqual(["good", "late"]);
  expect(Failed).toMatchObject([{ Id: "bad", SenderFault: true, Code: "InvalidMessageContents" }]);
  expect(await queue.counts()).toEqual([1, 0, 1]);
});

test("messages are deleted and handed back in batches", async () => {
  for (const body of ["a", "b", "c"]) await queue.send(body);
  const [a, b, c] = await queue.receive();

  const removed = await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: queue.url,
      Entries: [
        { Id: "a", ReceiptHandle: a?.ReceiptHandle },
        { Id: "none", ReceiptHandle: "nonsense" },
      ],
    }),
  );
  const changed = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queue.url,
      Entries: [
        { Id: "b", ReceiptHandle: b?.ReceiptHandle, VisibilityTimeout: 0 },
        { Id: "c", ReceiptHandle: c?.ReceiptHandle, VisibilityTimeout: 60 },
      ],
    }),
  );

  expect(removed.Successful).toEqual([{ Id: "a" }]);
  expect(removed.Failed).toMatchObject([{ Id: "none", Code: "ReceiptHandleIsInvalid" }]);
  expect(changed.Successful).toEqual([{ Id: "b" }, { Id: "c" }]);
  expect(await queue.counts()).toEqual([1, 1, 0]);
});

const entries = (count: number, body = "x") =>
  Array.from({ length: count }, (_, index) => ({ Id: `m${index}`, MessageBody: body }));

test.each([
  ["no entry", [], "EmptyBatchRequest"],
  ["eleven entries", entries(11), "TooManyEntriesInBatchRequest"],
  ["one id twice", [...entries(1), ...entries(1)], "BatchEntryIdsNotDistinct"],
  ["a malformed id", [{ Id: "not so", MessageBody: "x" }], "InvalidBatchEntryId"],
  ["more than 1 MiB in all", entries(3, "x".repeat(400_000)), "BatchRequestTooLong"],
])("a batch with %s is refused", async (_, Entries, name) => {
  const attempt = client.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));

  await expect(attempt).rejects.toMatchObject({ name, Code: `AWS.SimpleQueueService.${name}` });
});

test("a message of exactly 1 MiB is taken, one byte more is not", async () => {
  const limit = 1_048_576;

  await queue.send("x".repeat(limit));
  const attempt = queue.send("x".repeat(limit + 1));

  await expect(attempt).rejects.toMatchObject({ Code: "InvalidParameterValue" });
  expect(await queue.counts()).toEqual([1, 0, 0]);
});

test.each([
  ["an empty body", "", {}, "MissingParameter"],
  ["a control character", "\u0001", {}, "InvalidMessageContents"],
  ["a delay of more than 15 minutes", "x", { DelaySeconds: 901 }, "InvalidParameterValue"],
  ["a deduplication id in a standard queue", "x", { MessageDeduplicationId: "1" }, "InvalidParameterValue"],
  ["an attribute without a value", "x", { MessageAttributes: { a: { DataType: "String" } } }, "InvalidParameterValue"],
])("%s is refused", async (_, body, input, code) => {
  await expect(queue.send(body, input)).rejects.toMatchObject({ Code: code, $metadata: { httpStatusCode: 400 } });
});
