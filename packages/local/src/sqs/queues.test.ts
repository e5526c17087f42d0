import { randomUUID } from "node:crypto";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  type QueueAttributeName,
  SetQueueAttributesCommand,
  type SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sqs, startSqs } from "./index.ts";
import { connect, TestQueue } from "./sqs.fixture.ts";

let sqs: Sqs;
let client: SQSClient;

beforeAll(async () => {
  sqs = await startSqs();
  client = connect(sqs.url);
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

const create = (QueueName: string, Attributes: Record<string, string> = {}) =>
  client.send(new CreateQueueCommand({ QueueName, Attributes }));
const read = async (queue: TestQueue, ...AttributeNames: QueueAttributeName[]) =>
  (await client.send(new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames }))).Attributes;

test("a queue has SQS's defaults and its ARN", async () => {
  const queue = await TestQueue.create(client);

  expect(await read(queue, "All")).toMatchObject({
    QueueArn: queue.arn,
    VisibilityTimeout: "30",
    MessageRetentionPeriod: "345600",
    DelaySeconds: "0",
    MaximumMessageSize: "1048576",
    ReceiveMessageWaitTimeSeconds: "0",
  });
  expect(await read(queue, "VisibilityTimeout")).toEqual({ VisibilityTimeout: "30" });
});

test("attributes can be changed, and an empty policy takes it away", async () => {
  const { queue } = await TestQueue.withDeadLetters(client, 3);
  const set = (Attributes: Record<string, string>) =>
    client.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes }));

  await set({ VisibilityTimeout: "360", RedrivePolicy: "" });

  const attributes = await read(queue, "All");
  expect(attributes).toMatchObject({ VisibilityTimeout: "360" });
  expect(attributes).not.toHaveProperty("RedrivePolicy");
});

test("creating a queue again gives the same one, or says which attribute differs", async () => {
  const name = `q-${randomUUID()}`;
  const first = await create(name, { VisibilityTimeout: "60" });

  const same = await create(name, { VisibilityTimeout: "60" });

  expect(same.QueueUrl).toBe(first.QueueUrl);
  await expect(create(name, { VisibilityTimeout: "61" })).rejects.toMatchObject({
    name: "QueueNameExists",
    Code: "QueueAlreadyExists",
    message: expect.stringContaining("VisibilityTimeout"),
  });
});

test.each([
  ["an unknown attribute", { Nonsense: "1" }, "InvalidAttributeName"],
  ["a visibility timeout of more than 12 hours", { VisibilityTimeout: "43201" }, "InvalidAttributeValue"],
  ["a redrive policy that is no JSON", { RedrivePolicy: "{" }, "InvalidAttributeValue"],
  ["deduplication in a standard queue", { ContentBasedDeduplication: "true" }, "InvalidAttributeName"],
])("%s is refused", async (_, attributes: Record<string, string>, name) => {
  await expect(create(`q-${randomUUID()}`, attributes)).rejects.toMatchObject({ name });
});

test("a malformed name is refused", async () => {
  await expect(create("not a name")).rejects.toMatchObject({ Code: "InvalidParameterValue" });
});

test("queues are found by name and listed by prefix, page by page", async () => {
  const prefix = `list-${randomUUID()}`;
  for (const end of ["a", "b", "c"]) await create(`${prefix}-${end}`);
  const list = (NextToken?: string) =>
    client.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 2, NextToken }));

  const first = await list();
  const second = await list(first.NextToken);
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: `${prefix}-b` }));

  expect(first.QueueUrls).toEqual([`${sqs.url}/000000000000/${prefix}-a`, `${sqs.url}/000000000000/${prefix}-b`]);
  expect(second.QueueUrls).toEqual([`${sqs.url}/000000000000/${prefix}-c`]);
  expect(second.NextToken).toBeUndefined();
  expect(QueueUrl).toBe(first.QueueUrls?.[1]);
});

test("a queue that is not there is named so, in both of SQS's ways", async () => {
  await expect(client.send(new GetQueueUrlCommand({ QueueName: "none" }))).rejects.toMatchObject({
    name: "QueueDoesNotExist",
    Code: "AWS.SimpleQueueService.NonExistentQueue",
  });
});

test("a deleted queue is gone, and who waits at it is told", async () => {
  const queue = await TestQueue.create(client);
  const poll = queue.receive({ WaitTimeSeconds: 20 });
  const refused = expect(poll).rejects.toMatchObject({ name: "QueueDoesNotExist" });

  await client.send(new DeleteQueueCommand({ QueueUrl: queue.url }));

  await refused;
  await expect(queue.send("x")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
});

test("a purge empties a queue, at most once a minute", async () => {
  const queue = await TestQueue.create(client);
  await queue.send("visible");
  await queue.send("delayed", { DelaySeconds: 60 });
  const purge = () => client.send(new PurgeQueueCommand({ QueueUrl: queue.url }));

  await purge();
  await queue.send("after");

  expect(await queue.counts()).toEqual([1, 0, 0]);
  await expect(purge()).rejects.toMatchObject({ name: "PurgeQueueInProgress" });
});

test("tags are kept", async () => {
  const queue = await TestQueue.create(client);
  const QueueUrl = queue.url;
  await client.send(new TagQueueCommand({ QueueUrl, Tags: { stage: "local", owner: "tapi" } }));

  await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ["owner"] }));

  const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl }));
  expect(Tags).toEqual({ stage: "local" });
});

test("an operation that this server does not know is named", async () => {
  const response = await fetch(sqs.url, {
    method: "POST",
    headers: { "x-amz-target": "AmazonSQS.AddPermission", "content-type": "application/x-amz-json-1.0" },
    body: "{}",
  });

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message: expect.stringContaining("AddPermission") });
});
