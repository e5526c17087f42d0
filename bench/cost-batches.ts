import * as Queue from "@tapi/core/platform/queue";
import { type QueueName, queues } from "@tapi/core/platform/topology";
import { type Message, receiveBatch } from "../packages/core/test/queues.ts";

/** Lambda begins with this many long polls a queue; each makes invocations of what it finds. */
const pollers = 5;

interface Entry {
  DelaySeconds?: number;
  MessageAttributes?: Record<string, { StringValue?: string }>;
}

const traceOf = ({ MessageAttributes }: Entry | Message) =>
  MessageAttributes?.[Queue.traceAttribute]?.StringValue ?? "";

/** Counts the requests that the product sends to SQS, and notes when each message is to arrive (epoch s), by its trace. */
export function watchSends(): { requests: () => number; arrivals: Map<string, number> } {
  const arrivals = new Map<string, number>();
  let requests = 0;
  const counted = ["SendMessageBatchCommand", "GetQueueAttributesCommand", "ChangeMessageVisibilityCommand"];
  Queue.client().middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) => {
        if (counted.includes(commandName)) requests += 1;
        const { Entries = [] } = args.input as { Entries?: Entry[] };
        const now = Math.floor(Date.now() / 1000);
        for (const entry of Entries) arrivals.set(traceOf(entry), now + (entry.DelaySeconds ?? 0));
        return next(args);
      },
    { step: "initialize", name: "cost" },
  );
  return { requests: () => requests, arrivals };
}

async function receiveAll(queue: QueueName): Promise<Message[]> {
  const all: Message[] = [];
  for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) all.push(...batch);
  return all;
}

/**
 * What is in a queue now, as Lambda would have found it: messages that arrived within the same second (the batching window)
 * are shared out evenly among the pollers, and each poller's share makes batches.
 */
export async function takeBatches(queue: QueueName, arrivals: Map<string, number>): Promise<Message[][]> {
  const bySecond = new Map<number, Message[]>();
  for (const message of await receiveAll(queue)) {
    const trace = traceOf(message);
    const second = arrivals.get(trace) ?? 0;
    arrivals.delete(trace);
    bySecond.set(second, [...(bySecond.get(second) ?? []), message]);
  }
  return [...bySecond.values()].flatMap((together) => {
    const size = Math.min(queues[queue].batchSize, Math.ceil(together.length / pollers));
    return Array.from({ length: Math.ceil(together.length / size) }, (_, at) =>
      together.slice(at * size, (at + 1) * size),
    );
  });
}
