import * as Actor from "@tapi/core/actor";
import * as DeadLetter from "@tapi/core/dead-letter";
import * as Log from "@tapi/core/log";
import * as Queue from "@tapi/core/queue";
import { type QueueName, queues } from "@tapi/core/topology";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "zod";

const firstBackOffSeconds = 5;
const longestBackOffSeconds = 300;

const queueOf = (record: SQSRecord): QueueName => {
  const name = record.eventSourceARN.split(":").at(-1) ?? "";
  const queue = (Object.keys(queues) as QueueName[]).filter((each) => name.endsWith(`-${each}`));
  // `wallets` also ends other names only if they were longer: the longest match is the queue.
  const [longest] = queue.sort((a, b) => b.length - a.length);
  if (!longest) throw new Error(`no queue is called ${name}`);
  return longest;
};

/** Brings a failed message back sooner than its visibility timeout would, later with each try, and not in step with others. */
async function backOff(record: SQSRecord): Promise<void> {
  const tries = Number(record.attributes.ApproximateReceiveCount);
  const longest = Math.min(longestBackOffSeconds, firstBackOffSeconds * 2 ** tries);
  await Queue.postpone(queueOf(record), record.receiptHandle, longest / 2 + (Math.random() * longest) / 2);
}

const traceOf = (record: SQSRecord): string =>
  record.messageAttributes[Queue.traceAttribute]?.stringValue ?? record.messageId;

/** Keeps why this try failed, for whoever finds the message among the dead letters one day. */
async function remember(record: SQSRecord, error: unknown, context: Context | undefined): Promise<void> {
  const failed = {
    trace: traceOf(record),
    messageId: record.messageId,
    number: Number(record.attributes.ApproximateReceiveCount),
    error,
    requestId: context?.awsRequestId,
    worker: context?.functionName,
  };
  await Actor.provide({ type: "system", name: "queue" }, () => DeadLetter.recordAttempt(failed));
}

/**
 * A queue's consumer: parses each message, runs `body` as the system, and reports just the messages that failed, so that
 * one bad message costs its neighbours nothing. A message that keeps failing ends in the dead-letter queue.
 */
export const consume =
  <Schema extends z.ZodType>(
    schema: Schema,
    body: (message: z.output<Schema>) => Promise<void>,
    afterBatch: () => Promise<void> = async () => undefined,
  ) =>
  async (event: SQSEvent, context?: Context): Promise<SQSBatchResponse> => {
    const failed = new Set<string>();
    const one = async (record: SQSRecord) => {
      const fields = { messageId: record.messageId, queue: record.eventSourceARN.split(":").at(-1) };
      await Log.withFields(fields, async () => {
        try {
          const message = schema.parse(JSON.parse(record.body));
          await Log.withFields(describe(message), () =>
            Actor.provide({ type: "system", name: "queue" }, () => body(message)),
          );
        } catch (error) {
          failed.add(record.messageId);
          Log.error("message failed", { error, tries: record.attributes.ApproximateReceiveCount });
          await Promise.all([
            remember(record, error, context).catch((cause: unknown) => Log.warn("attempt not kept", { cause })),
            backOff(record).catch((cause: unknown) => Log.warn("back-off not set", { cause })),
          ]);
        }
      });
    };
    await Promise.all(event.Records.map(one));
    await afterBatch();
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };

const named = ["corporationId", "dataset", "type", "topic"] as const;

const describe = (message: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(message ?? {}).filter(([key]) => (named as readonly string[]).includes(key)));
