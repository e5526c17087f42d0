import { z } from "zod";
import type { Broker } from "./broker.ts";
import { overLimit, queueDoesNotExist } from "./errors.ts";
import { attributesMd5, type Message, type MessageAttributes, receiptHandle } from "./message.ts";
import { operation, QueueInput } from "./parse.ts";
import type { Queue } from "./queue.ts";
import type { Change } from "./record.ts";
import { formatSequence } from "./send-operations.ts";

const Names = z
  .array(z.string())
  .nullish()
  .transform((names) => names ?? []);

const Input = QueueInput.extend({
  MaxNumberOfMessages: z.int().min(1).max(10).nullish(),
  VisibilityTimeout: z.int().min(0).max(43_200).nullish(),
  WaitTimeSeconds: z.int().min(0).max(20).nullish(),
  AttributeNames: Names,
  MessageSystemAttributeNames: Names,
  MessageAttributeNames: Names,
});
type Input = z.output<typeof Input>;

const maxInFlight = 120_000;
/** In the real service the id of whoever sent it; here there is one sender. */
const senderId = "AIDALOCAL";

function systemAttributes(message: Message, wanted: Set<string>): Record<string, string> {
  const all: Record<string, string | number | undefined> = {
    SenderId: senderId,
    SentTimestamp: message.sentAt,
    ApproximateReceiveCount: message.receiveCount,
    ApproximateFirstReceiveTimestamp: message.firstReceivedAt,
    AWSTraceHeader: message.traceHeader,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequence === undefined ? undefined : formatSequence(message.sequence),
    DeadLetterQueueSourceArn: message.sourceArn,
  };
  return Object.fromEntries(
    Object.entries(all)
      .filter(([name, value]) => value !== undefined && (wanted.has("All") || wanted.has(name)))
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Names may end in `.*`: all attributes that begin so. */
function messageAttributes(message: Message, wanted: string[]): MessageAttributes {
  const asked = (name: string) =>
    wanted.some((pattern) =>
      pattern.endsWith(".*") ? name.startsWith(pattern.slice(0, -2)) : pattern === "All" || pattern === name,
    );
  return Object.fromEntries(Object.entries(message.attributes ?? {}).filter(([name]) => asked(name)));
}

function present(message: Message, input: Input) {
  const system = systemAttributes(message, new Set([...input.AttributeNames, ...input.MessageSystemAttributeNames]));
  const attributes = messageAttributes(message, input.MessageAttributeNames);
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(Object.keys(system).length > 0 ? { Attributes: system } : {}),
    ...(Object.keys(attributes).length > 0
      ? { MessageAttributes: attributes, MD5OfMessageAttributes: attributesMd5(attributes) }
      : {}),
  };
}

/**
 * Takes what is ready, in one step. A message that was delivered as often as the redrive policy allows goes to the
 * dead-letter queue instead, one past its retention goes altogether.
 */
function take(broker: Broker, queue: Queue, input: Input): Message[] {
  const now = Date.now();
  const { redrive, retentionSeconds, visibilitySeconds } = queue.settings;
  const target = redrive && broker.findByArn(redrive.targetArn);
  const max = input.MaxNumberOfMessages ?? 1;
  const changes: Change[] = [];
  const taken: Message[] = [];
  for (const { message } of queue.ready()) {
    const { id } = message;
    if (message.sentAt + retentionSeconds * 1000 <= now) changes.push({ op: "delete", queue: queue.name, id });
    else if (redrive && target && message.receiveCount >= redrive.maxReceiveCount) {
      changes.push({ op: "dead", queue: queue.name, id, to: target.name, sourceArn: broker.arn(queue.name) });
    } else taken.push(message);
    if (taken.length === max) break;
  }
  if (taken.length > 0) {
    const until = now + (input.VisibilityTimeout ?? visibilitySeconds) * 1000;
    changes.push({ op: "receive", queue: queue.name, ids: taken.map(({ id }) => id), at: now, until });
  }
  // Not awaited: a receive that a crash forgets is delivered again, which consumers must bear anyway.
  if (changes.length > 0) void broker.commit(changes).catch(() => undefined);
  return taken;
}

/** The long polls of one server: who waits longest for a queue is served first. */
class Waiting {
  readonly #broker: Broker;
  readonly #polls = new Map<Queue, Set<() => void>>();
  readonly #timers = new Map<Queue, NodeJS.Timeout>();
  readonly #scheduled = new Set<Queue>();

  constructor(broker: Broker) {
    this.#broker = broker;
    broker.watch((queue) => this.#schedule(queue));
  }

  wait(queue: Queue, input: Input, seconds: number, signal: AbortSignal): Promise<Message[]> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return resolve([]);
      const polls = this.#polls.get(queue) ?? new Set();
      this.#polls.set(queue, polls);
      const stop = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        polls.delete(attempt);
      };
      const leave = () => {
        stop();
        resolve([]);
      };
      const attempt = () => {
        const dropped = this.#broker.queues.get(queue.name) !== queue;
        const messages = dropped ? [] : take(this.#broker, queue, input);
        if (!dropped && messages.length === 0) return;
        stop();
        if (dropped) reject(queueDoesNotExist());
        else resolve(messages);
      };
      // Waited in real time: a jump of the simulated clock must not end it.
      const timer = setTimeout(leave, seconds * 1000);
      signal.addEventListener("abort", leave);
      polls.add(attempt);
      this.#arm(queue);
    });
  }

  #schedule(queue: Queue): void {
    if (!this.#polls.get(queue)?.size || this.#scheduled.has(queue)) return;
    this.#scheduled.add(queue);
    setImmediate(() => {
      this.#scheduled.delete(queue);
      queue.advance(Date.now());
      for (const attempt of [...(this.#polls.get(queue) ?? [])]) {
        if (queue.counts.ready === 0 && this.#broker.queues.get(queue.name) === queue) break;
        attempt();
      }
      this.#arm(queue);
    });
  }

  /** Wakes the polls when the next delayed or in-flight message becomes ready. */
  #arm(queue: Queue): void {
    clearTimeout(this.#timers.get(queue));
    this.#timers.delete(queue);
    const dueAt = queue.nextDueAt();
    if (dueAt === undefined || !this.#polls.get(queue)?.size) return;
    const timer = setTimeout(() => this.#schedule(queue), Math.max(0, dueAt - Date.now()));
    this.#timers.set(queue, timer.unref());
  }
}

export function receiveOperations(broker: Broker) {
  const waiting = new Waiting(broker);

  return {
    ReceiveMessage: operation(Input, async (input, signal) => {
      const queue = broker.get(input.QueueUrl);
      if (queue.counts.inFlight >= maxInFlight) throw overLimit(`More than ${maxInFlight} messages are in flight.`);
      let messages = take(broker, queue, input);
      const seconds = input.WaitTimeSeconds ?? queue.settings.waitSeconds;
      if (messages.length === 0 && seconds > 0) messages = await waiting.wait(queue, input, seconds, signal);
      return messages.length > 0 ? { Messages: messages.map((message) => present(message, input)) } : {};
    }),
  };
}
