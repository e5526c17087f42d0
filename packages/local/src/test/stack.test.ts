import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  deadLetterQueueName,
  type QueueName,
  queueName,
  queues,
  visibilityTimeoutSeconds,
} from "@tapi/functions/topology";
import { expect, test } from "vitest";

const client = () => new SQSClient({ endpoint: process.env.SQS_ENDPOINT ?? "", useQueueUrlAsEndpoint: false });
const names = Object.keys(queues) as QueueName[];

test.each(names)("the queue %s and its dead-letter queue are as declared", async (queue) => {
  const { Attributes = {} } = await client().send(
    new GetQueueAttributesCommand({ QueueUrl: `${process.env.QUEUE_URL_BASE}${queue}`, AttributeNames: ["All"] }),
  );

  expect(Attributes.QueueArn).toMatch(new RegExp(`:${queueName("local", queue)}$`));
  expect(Attributes.VisibilityTimeout).toBe(String(visibilityTimeoutSeconds(queues[queue])));
  expect(JSON.parse(Attributes.RedrivePolicy ?? "")).toEqual({
    deadLetterTargetArn: expect.stringContaining(deadLetterQueueName("local", queue)),
    maxReceiveCount: queues[queue].maxReceiveCount,
  });
});

// SQS clients are apart: they follow the queue's URL, which is a local one, whatever the default endpoint is.
test.each([
  ["DynamoDB", () => new DynamoDBClient({ maxAttempts: 1 }).send(new ListTablesCommand({}))],
  ["KMS", () => new KMSClient({ maxAttempts: 1 }).send(new ListKeysCommand({}))],
])("a %s client that forgets its endpoint reaches nothing", async (_, call) => {
  await expect(call()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
