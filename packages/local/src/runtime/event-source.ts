import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { QueueClient, ReceivedMessage } from "./queue-client.ts";
import type { Slots } from "./slots.ts";
import type { Invoke, QueueConsumer } from "./topology.ts";

export interface EventSourceOptions {
  client: QueueClient;
  queueUrl: string;
  queueArn: string;
  consumer: Pick<QueueConsumer, "function" | "batchSize" | "windowSeconds" | "maxConcurrency">;
  invoke: Invoke;
  /** Shared with other queues: how many batches of all of them run at once. */
  slots?: Slots;
  onError: (message: string) => void;
}

export interface EventSource {
  /** Stops polling and waits at most this long for running batches; what is left comes back by its visibility timeout. */
  close(graceMs: number): Promise<void>;
}

/** Longest long poll that SQS knows. */
const pollSeconds = 20;

/**
 * An SQS event source mapping: gathers up to `batchSize` messages for at most `windowSeconds` after the first,
 * invokes with at most `maxConcurrency` batches at once, then deletes what was not reported as failed. What failed
 * is left alone: it becomes visible again when its visibility timeout ends, and moves to the dead-letter queue by
 * the queue's own redrive policy. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const { client, queueUrl, consumer, invoke, onError } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function gather(): Promise<ReceivedMessage[]> {
    const batch = await client.receive(
      queueUrl,
      { maxMessages: consumer.batchSize, waitSeconds: pollSeconds },
      stopping.signal,
    );
    const closesAt = performance.now() + consumer.windowSeconds * 1000;
    while (batch.length > 0 && batch.length < consumer.batchSize && !stopping.signal.aborted) {
      const leftMs = closesAt - performance.now();
      if (leftMs <= 0) break;
      const maxMessages = consumer.batchSize - batch.length;
      const more = await receiveUntil(maxMessages, leftMs).catch(() => []);
      batch.push(...more);
    }
    return batch;
  }

  /** SQS waits whole seconds only: the window's last fraction is asked for in short steps. */
  async function receiveUntil(maxMessages: number, leftMs: number): Promise<ReceivedMessage[]> {
    const waitSeconds = Math.min(pollSeconds, Math.floor(leftMs / 1000));
    const received = await client.receive(queueUrl, { maxMessages, waitSeconds }, stopping.signal);
    if (received.length === 0 && waitSeconds === 0) await pause(Math.min(leftMs, 100));
    return received;
  }

  const pause = (milliseconds: number) =>
    new Promise<void>((done) => {
      const finish = () => {
        clearTimeout(timer);
        stopping.signal.removeEventListener("abort", finish);
        done();
      };
      const timer = setTimeout(finish, milliseconds);
      stopping.signal.addEventListener("abort", finish);
    });

  async function handle(batch: ReceivedMessage[]): Promise<void> {
    const event: SQSEvent = { Records: batch.map((message) => toRecord(message, options.queueArn)) };
    // A failed invocation was reported by the runtime; its messages come back by themselves.
    const answer = await invoke(consumer.function, event).then(
      (value) => ({ value }),
      () => undefined,
    );
    if (!answer) return;
    const failed = failedIds(answer.value, batch);
    const done = batch.filter(({ MessageId }) => !failed.has(MessageId));
    await client.remove(queueUrl, done).catch((error: Error) => onError(error.message));
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (running.size >= consumer.maxConcurrency) {
        await Promise.race(running);
        continue;
      }
      try {
        const batch = await gather();
        if (batch.length === 0) continue;
        const free = await options.slots?.take();
        // What it waited with comes back by its visibility timeout.
        if (stopping.signal.aborted) return free?.();
        const work = handle(batch).finally(() => {
          free?.();
          running.delete(work);
        });
        running.add(work);
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error instanceof Error ? error.message : String(error));
        await pause(1000);
      }
    }
  }

  const polling = poll();
  return {
    close: async (graceMs) => {
      stopping.abort();
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise<void>((done) => {
        timer = setTimeout(done, graceMs);
      });
      await Promise.race([polling.then(() => Promise.all(running)), grace]);
      clearTimeout(timer);
    },
  };
}

/** The messages a function reports as failed; an answer that makes no sense fails them all, as in AWS. */
function failedIds(answer: unknown, batch: ReceivedMessage[]): Set<string> {
  const all = new Set(batch.map(({ MessageId }) => MessageId));
  if (answer === null || typeof answer !== "object") return new Set();
  const { batchItemFailures } = answer as Partial<SQSBatchResponse>;
  if (batchItemFailures === undefined || batchItemFailures === null) return new Set();
  if (!Array.isArray(batchItemFailures)) return all;
  const ids = batchItemFailures.map((failure) => failure?.itemIdentifier);
  return ids.every((id) => all.has(id)) ? new Set(ids) : all;
}

function toRecord(message: ReceivedMessage, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: (message.Attributes ?? {}) as unknown as SQSRecord["attributes"],
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
          ...(value.BinaryValue === undefined ? {} : { binaryValue: value.BinaryValue }),
          stringListValues: [],
          binaryListValues: [],
          dataType: value.DataType,
        },
      ]),
    ) as SQSRecord["messageAttributes"],
    md5OfBody: message.MD5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: "us-east-1",
  };
}
