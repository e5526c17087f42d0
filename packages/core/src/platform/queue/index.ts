import { randomUUID } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type * as z from "zod";
import { get, queueUrl } from "../config/index.ts";
import { mapConcurrent } from "../parallel/index.ts";
import type { QueueName } from "../topology/index.ts";

let cached: { client: SQSClient; endpoint: string | undefined } | undefined;

/** The SQS client of this process. Local mode names its endpoint, and queue URLs are then never followed as hosts. */
export function client(): SQSClient {
  const endpoint = get().SQS_ENDPOINT;
  if (cached && cached.endpoint === endpoint) return cached.client;
  const fresh = new SQSClient(endpoint ? { endpoint, useQueueUrlAsEndpoint: false } : {});
  // It copies every request and answer for a logger that is not there.
  fresh.middlewareStack.remove("loggerMiddleware");
  cached = { client: fresh, endpoint };
  return fresh;
}

/** SQS takes at most ten messages a call. */
const batchLimit = 10;
/** Calls at a time: each holds some fifty kilobytes until it is answered. */
const sendLanes = 16;

/** At most this long may a message be delayed (SQS's own limit). */
export const maxDelaySeconds = 900;

/** Attribute that stays with a message from one queue to the next, whatever new id SQS gives it there. */
export const traceAttribute = "trace";

export interface Outgoing<T> {
  message: T;
  delaySeconds?: number;
  /** Of a message that goes on with another one's work, what is known of it so far; absent: a new one. */
  trace?: string;
}

interface Entry {
  body: string;
  delaySeconds: number;
  trace: string;
}

async function sendBatch(queue: QueueName, entries: Entry[]): Promise<void> {
  const { Failed = [] } = await client().send(
    new SendMessageBatchCommand({
      QueueUrl: queueUrl(queue),
      Entries: entries.map((entry, index) => ({
        Id: String(index),
        MessageBody: entry.body,
        DelaySeconds: entry.delaySeconds,
        MessageAttributes: { [traceAttribute]: { DataType: "String", StringValue: entry.trace } },
      })),
    }),
  );
  if (Failed.length > 0) throw new Error(`SQS refused ${Failed.length} messages for ${queue}: ${Failed[0]?.Code}`);
}

/** Sends messages, ten a call, some calls in parallel. Throws when SQS refuses any: the caller's work is then not done. */
export async function send<Schema extends z.ZodType>(
  queue: QueueName,
  schema: Schema,
  outgoing: Outgoing<z.input<Schema>>[],
): Promise<void> {
  const entries = outgoing.map(({ message, delaySeconds = 0, trace = randomUUID() }) => ({
    body: JSON.stringify(schema.parse(message)),
    delaySeconds: Math.min(maxDelaySeconds, Math.max(0, Math.round(delaySeconds))),
    trace,
  }));
  const batches = Array.from({ length: Math.ceil(entries.length / batchLimit) }, (_, index) =>
    entries.slice(index * batchLimit, (index + 1) * batchLimit),
  );
  await mapConcurrent(sendLanes, batches, (batch) => sendBatch(queue, batch));
}

/** Messages waiting (visible or delayed), how many of them are delayed, and in flight; SQS's own approximation. */
export async function depth(queue: QueueName): Promise<{ waiting: number; delayed: number; inFlight: number }> {
  const { Attributes = {} } = await client().send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl(queue),
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
      ],
    }),
  );
  const count = (name: keyof typeof Attributes) => Number(Attributes[name] ?? 0);
  const delayed = count("ApproximateNumberOfMessagesDelayed");
  return {
    waiting: count("ApproximateNumberOfMessages") + delayed,
    delayed,
    inFlight: count("ApproximateNumberOfMessagesNotVisible"),
  };
}

/** Hides a received message for this long: how a consumer that failed says when to try again. */
export async function postpone(queue: QueueName, receiptHandle: string, seconds: number): Promise<void> {
  await client().send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl(queue),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: Math.ceil(seconds),
    }),
  );
}
