import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
} from "@aws-sdk/client-sqs";
import { deadLetterQueueUrl } from "../../platform/config/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import type { QueueName } from "../../platform/topology/index.ts";

/** While somebody looks at a message nobody else can take it: long enough to act, short enough if the looker dies. */
const holdSeconds = 30;
/** SQS hands out and takes back at most this many messages a call. */
const batchLimit = 10;
/** Messages of one queue looked at by one reading. */
export const mostHeld = 1_000;

/** A dead letter in our hands: nobody else sees it until it is released, deleted, or the hold ends. */
export interface Held {
  queue: QueueName;
  messageId: string;
  trace: string;
  receiptHandle: string;
  body: string;
  attributes: Record<string, MessageAttributeValue>;
  /** Epoch ms at which it was first sent. */
  sentAt: number;
}

const heldOf = (queue: QueueName, message: Message): Held => {
  const { MessageId = "", ReceiptHandle = "", Body = "", Attributes, MessageAttributes = {} } = message;
  return {
    queue,
    messageId: MessageId,
    trace: MessageAttributes[Queue.traceAttribute]?.StringValue ?? MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: MessageAttributes,
    sentAt: Number(Attributes?.SentTimestamp ?? 0),
  };
};

export interface Depth {
  /** Anyone may take them. */
  waiting: number;
  /** Being looked at. */
  inFlight: number;
  arn: string;
}

/** How many messages the dead-letter queue of `queue` holds; SQS's own approximation. */
export async function depth(queue: QueueName): Promise<Depth> {
  const { Attributes = {} } = await Queue.client().send(
    new GetQueueAttributesCommand({
      QueueUrl: deadLetterQueueUrl(queue),
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "QueueArn"],
    }),
  );
  return {
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    arn: Attributes.QueueArn ?? "",
  };
}

async function receive(queue: QueueName): Promise<Held[]> {
  const { Messages = [] } = await Queue.client().send(
    new ReceiveMessageCommand({
      QueueUrl: deadLetterQueueUrl(queue),
      MaxNumberOfMessages: batchLimit,
      VisibilityTimeout: holdSeconds,
      // Asks every server of SQS: a short poll may miss messages that are there.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ["SentTimestamp"],
      MessageAttributeNames: ["All"],
    }),
  );
  return Messages.map((message) => heldOf(queue, message));
}

/**
 * Takes hold of a dead-letter queue's messages: all of them (up to `mostHeld`), or until `isWanted` says that the one
 * looked for has come. No message is lost when the holder dies: it comes back by itself.
 */
export async function hold(queue: QueueName, isWanted?: (held: Held) => boolean): Promise<Held[]> {
  const { waiting } = await depth(queue);
  const held = new Map<string, Held>();
  while (held.size < Math.min(waiting, mostHeld)) {
    const received = await receive(queue);
    for (const each of received) held.set(each.messageId, each);
    if (received.length === 0 || (isWanted && received.some(isWanted))) break;
  }
  return [...held.values()];
}

const batchesOf = (held: readonly Held[]): Held[][] =>
  Array.from({ length: Math.ceil(held.length / batchLimit) }, (_, index) =>
    held.slice(index * batchLimit, (index + 1) * batchLimit),
  );

/** Lets go of messages: everyone sees them again at once. */
export async function release(queue: QueueName, held: readonly Held[]): Promise<void> {
  await Promise.all(
    batchesOf(held).map((batch) =>
      Queue.client().send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: deadLetterQueueUrl(queue),
          Entries: batch.map(({ receiptHandle }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: 0,
          })),
        }),
      ),
    ),
  );
}

/** Deletes messages from the dead-letter queue for good. */
export async function remove(queue: QueueName, held: readonly Held[]): Promise<void> {
  for (const batch of batchesOf(held)) {
    const { Failed = [] } = await Queue.client().send(
      new DeleteMessageBatchCommand({
        QueueUrl: deadLetterQueueUrl(queue),
        Entries: batch.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
      }),
    );
    if (Failed.length > 0) throw new Error(`SQS did not delete ${Failed.length} messages: ${Failed[0]?.Code}`);
  }
}
