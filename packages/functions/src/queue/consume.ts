import { randomUUID } from "node:crypto";
import * as Actor from "@tapi/core/platform/actor";
import * as Log from "@tapi/core/platform/log";
import * as Queue from "@tapi/core/platform/queue";
import { type QueueName, queues } from "@tapi/core/platform/topology";
import * as Attempt from "@tapi/core/product/attempt";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type * as z from "zod";
import type { Rest } from "./split.ts";

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

const triesOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount);

/** Later with each try, and not in step with others. */
function backOffSeconds(tries: number): number {
  const longest = Math.min(longestBackOffSeconds, firstBackOffSeconds * 2 ** tries);
  return longest / 2 + (Math.random() * longest) / 2;
}

const traceOf = (record: SQSRecord): string =>
  record.messageAttributes[Queue.traceAttribute]?.stringValue ?? record.messageId;

interface Failed {
  trace: string;
  error: unknown;
}

/** Keeps why a try failed, for whoever finds the message among the dead letters one day. */
async function remember(record: SQSRecord, { trace, error }: Failed, context: Context | undefined): Promise<void> {
  const failed = {
    trace,
    messageId: record.messageId,
    number: triesOf(record),
    error,
    requestId: context?.awsRequestId,
    worker: context?.functionName,
  };
  await Actor.provide({ type: "system", name: "queue" }, () => Attempt.recordAttempt(failed)).catch((cause: unknown) =>
    Log.warn("attempt not kept", { cause }),
  );
}

interface Options<T> {
  afterBatch?: () => Promise<void>;
  /** What goes on by itself in place of the message, which has been delivered so often; none: the message is worked on. */
  beforeWork?: (message: T, deliveries: number) => Rest<T>[];
  /** What goes on by itself of a message that failed; none: all of it comes again. */
  afterFailure?: (message: T, error: unknown) => Rest<T>[];
}

/**
 * A queue's consumer: parses each message, runs `body` as the system, and reports just the messages that failed, so that
 * one bad message costs its neighbours nothing. A message that keeps failing ends in the dead-letter queue.
 */
export function consume<Schema extends z.ZodType>(
  schema: Schema,
  body: (message: z.output<Schema>) => Promise<void>,
  { afterBatch, beforeWork, afterFailure }: Options<z.output<Schema>> = {},
) {
  /** Sent before the message is done with: a crash in between sends again, and what is done twice does nothing. */
  async function goOn(record: SQSRecord, rest: Rest<z.output<Schema>>[], context?: Context): Promise<void> {
    const outgoing = rest.map(({ message, error }) => ({ message, error, trace: randomUUID() }));
    const tries = triesOf(record);
    await Queue.send(
      queueOf(record),
      schema,
      outgoing.map(({ message, trace }) => ({
        message: message as z.input<Schema>,
        trace,
        delaySeconds: backOffSeconds(tries),
      })),
    );
    const failures = outgoing.filter(({ error }) => error !== undefined);
    for (const { error, message } of failures) Log.error("part of a message failed", { error, ...describe(message) });
    await Promise.all(failures.map((failed) => remember(record, failed, context)));
  }

  async function work(record: SQSRecord, context?: Context): Promise<void> {
    const message = schema.parse(JSON.parse(record.body));
    const instead = beforeWork?.(message, triesOf(record)) ?? [];
    if (instead.length > 0) return goOn(record, instead, context);
    try {
      await Log.withFields(describe(message), () =>
        Actor.provide({ type: "system", name: "queue" }, () => body(message)),
      );
    } catch (error) {
      const rest = afterFailure?.(message, error) ?? [];
      if (rest.length === 0) throw error;
      await goOn(record, rest, context);
    }
  }

  return async (event: SQSEvent, context?: Context): Promise<SQSBatchResponse> => {
    const failed = new Set<string>();
    const one = async (record: SQSRecord) => {
      const fields = { messageId: record.messageId, queue: record.eventSourceARN.split(":").at(-1) };
      await Log.withFields(fields, () =>
        work(record, context).catch(async (error: unknown) => {
          failed.add(record.messageId);
          Log.error("message failed", { error, tries: record.attributes.ApproximateReceiveCount });
          await Promise.all([
            remember(record, { trace: traceOf(record), error }, context),
            // Sooner than its visibility timeout would bring it back.
            Queue.postpone(queueOf(record), record.receiptHandle, backOffSeconds(triesOf(record))).catch(
              (cause: unknown) => Log.warn("back-off not set", { cause }),
            ),
          ]);
        }),
      );
    };
    await Promise.all(event.Records.map(one));
    await afterBatch?.();
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

const named = ["owner", "datasets", "type", "topic"] as const;

const describe = (message: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(message ?? {}).filter(([key]) => (named as readonly string[]).includes(key)));
