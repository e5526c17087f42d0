import { type EventSource, startEventSource } from "../runtime/event-source.ts";
import { createQueueClient } from "../runtime/queue-client.ts";
import { createSlots } from "../runtime/slots.ts";
import type { Invoke, Topology } from "../runtime/topology.ts";

/** How long running batches may take to end when the host stops; the rest is delivered again at the next start. */
const graceMs = 3_000;

/**
 * Batches that run at once, of all queues but those of which people wait. In the cloud each has a processor of its own; here
 * they share one thread, and a hundred at once (a first import of many corporations, the end of an outage) would each run into
 * their time limit. Six of ten messages are as many calls on their way to ESI as one thread gets through.
 */
const batchesAtOnce = 6;

/** 14 days, the longest that SQS keeps a message; as in the cloud stacks. */
const deadLetterRetentionSeconds = "1209600";

export interface Queues {
  consume(invoke: Invoke): void;
  close(): Promise<void>;
}

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Creates each queue with its dead-letter queue as declared; `consume` starts their event source mappings. */
export async function createQueues(
  sqsUrl: string,
  queues: Topology["queues"],
  say: (line: string) => void,
): Promise<Queues> {
  const client = createQueueClient(sqsUrl);
  const urls = new Map<string, string>();
  await Promise.all(
    queues.map(async (queue) => {
      const fifo = queue.name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
      await client.ensure(queue.deadLetterName, { ...fifo, MessageRetentionPeriod: deadLetterRetentionSeconds });
      const redrive = { deadLetterTargetArn: arn(queue.deadLetterName), maxReceiveCount: queue.maxReceiveCount };
      const attributes = {
        ...fifo,
        VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
        RedrivePolicy: JSON.stringify(redrive),
      };
      urls.set(queue.name, await client.ensure(queue.name, attributes));
    }),
  );
  let sources: EventSource[] = [];
  return {
    consume: (invoke) => {
      const slots = createSlots(batchesAtOnce);
      sources = queues.map((consumer) =>
        startEventSource({
          client,
          ...(consumer.isAwaited ? {} : { slots }),
          queueUrl: urls.get(consumer.name) ?? consumer.name,
          queueArn: arn(consumer.name),
          consumer,
          invoke,
          onError: (message) => say(`${consumer.name}: ${message}`),
        }),
      );
    },
    close: async () => {
      await Promise.all(sources.map((source) => source.close(graceMs)));
    },
  };
}
