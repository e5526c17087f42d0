import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import * as Config from "@tapi/core/platform/config";
import * as Queue from "@tapi/core/platform/queue";
import { type QueueName, queueName } from "@tapi/core/platform/topology";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

export type { Message } from "@aws-sdk/client-sqs";

/** SQS takes at most ten messages a call. */
const batchLimit = 10;

/** Deletes what has been worked on. */
export async function consumed(queue: QueueName, messages: readonly Message[]): Promise<void> {
  const QueueUrl = Config.queueUrl(queue);
  for (let from = 0; from < messages.length; from += batchLimit) {
    const batch = messages.slice(from, from + batchLimit);
    const Entries = batch.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    const { Failed = [] } = await Queue.client().send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`SQS kept ${Failed.length} messages of ${queue}: ${Failed[0]?.Code}`);
  }
}

/** Up to ten messages of a queue, hidden from others for a minute. */
export async function receiveBatch(queue: QueueName): Promise<Message[]> {
  const { Messages = [] } = await Queue.client().send(
    new ReceiveMessageCommand({
      QueueUrl: Config.queueUrl(queue),
      MaxNumberOfMessages: batchLimit,
      VisibilityTimeout: 60,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages;
}

const recordOf = (queue: QueueName, message: Message): SQSRecord =>
  ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
        name,
        { stringValue: StringValue, dataType: "String" },
      ]),
    ),
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName("local", queue)}`,
    awsRegion: "us-east-1",
  }) as unknown as SQSRecord;

export const eventOf = (queue: QueueName, messages: readonly Message[]): SQSEvent => ({
  Records: messages.map((message) => recordOf(queue, message)),
});

type Consumer = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** Hands a queue's messages to its consumer until none is left, as the event source mapping does. */
export async function drain(queue: QueueName, consumer: Consumer): Promise<void> {
  for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) {
    const { batchItemFailures } = await consumer(eventOf(queue, batch));
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId = "", ReceiptHandle } of batch) {
      if (failed.has(MessageId)) continue;
      await Queue.client().send(new DeleteMessageCommand({ QueueUrl: Config.queueUrl(queue), ReceiptHandle }));
    }
  }
}
