import { z } from "zod";
import { checkAttributes, counts, effective, readable, readSettings } from "./attributes.ts";
import type { Broker } from "./broker.ts";
import { invalidAttributeName, invalidParameter, purgeInProgress, queueNameExists } from "./errors.ts";
import { operation, QueueInput } from "./parse.ts";
import type { Queue } from "./queue.ts";

const Strings = z.record(z.string(), z.string());
const purgeIntervalMs = 60_000;

/** A dead-letter queue must be there before it is named, and be of the same kind. */
function checkRedrive(broker: Broker, attributes: Record<string, string>, fifo: boolean): void {
  const target = readSettings(attributes, fifo).redrive;
  if (!target) return;
  const queue = broker.findByArn(target.targetArn);
  const reason = !queue
    ? "Dead letter target does not exist."
    : "Dead-letter queue must be of the same type as the source queue.";
  if (queue?.fifo === fifo) return;
  throw invalidParameter(`Value ${attributes.RedrivePolicy} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
}

function readAttributes(broker: Broker, queue: Queue): Record<string, string> {
  const [visible, notVisible, delayed] = counts;
  return {
    ...effective(queue.attributes, queue.fifo),
    [visible]: String(queue.counts.ready),
    [notVisible]: String(queue.counts.inFlight),
    [delayed]: String(queue.counts.delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    QueueArn: broker.arn(queue.name),
  };
}

const CreateInput = z.object({ QueueName: z.string(), Attributes: Strings.default({}), tags: Strings.default({}) });

async function create(broker: Broker, input: z.output<typeof CreateInput>): Promise<Queue> {
  const { QueueName: name, Attributes: attributes, tags } = input;
  const fifo = name.endsWith(".fifo");
  if (
    !/^[\w-]{1,80}$/.test(fifo ? name.slice(0, -5) : name) ||
    name.length > 80 ||
    fifo !== (attributes.FifoQueue === "true")
  ) {
    throw invalidParameter(
      "The name of a queue has 1 to 80 letters, digits, hyphens or underscores; that of a FIFO queue ends in .fifo.",
    );
  }
  checkAttributes(attributes, fifo);
  checkRedrive(broker, attributes, fifo);
  const existing = broker.queues.get(name);
  if (existing) {
    const present = effective(existing.attributes, fifo);
    const different = Object.keys(attributes).find((key) => attributes[key] !== (present[key] ?? ""));
    if (different) throw queueNameExists(different);
    return existing;
  }
  await broker.commit([{ op: "create", queue: name, attributes, tags, at: Date.now() }]);
  return broker.byName(name);
}

const ListInput = z.object({
  QueueNamePrefix: z.string().default(""),
  MaxResults: z.int().min(1).max(1000).default(1000),
  NextToken: z.string().optional(),
});

function list(names: string[], { MaxResults, NextToken = "" }: { MaxResults: number; NextToken?: string | undefined }) {
  const rest = names.sort().filter((name) => name > NextToken);
  const page = rest.slice(0, MaxResults);
  return { page, next: rest.length > page.length ? { NextToken: page.at(-1) } : {} };
}

function tagOperations(broker: Broker) {
  const setTags = (queue: Queue, tags: Record<string, string>) =>
    broker.commit([{ op: "tags", queue: queue.name, tags }]);
  return {
    TagQueue: operation(QueueInput.extend({ Tags: Strings }), async (input) => {
      const queue = broker.get(input.QueueUrl);
      await setTags(queue, { ...queue.tags, ...input.Tags });
    }),

    UntagQueue: operation(QueueInput.extend({ TagKeys: z.array(z.string()) }), async (input) => {
      const queue = broker.get(input.QueueUrl);
      const kept = Object.entries(queue.tags).filter(([key]) => !input.TagKeys.includes(key));
      await setTags(queue, Object.fromEntries(kept));
    }),

    ListQueueTags: operation(QueueInput, (input) => ({ Tags: broker.get(input.QueueUrl).tags })),
  };
}

export const queueOperations = (broker: Broker, urlOf: (queueName: string) => string) => ({
  CreateQueue: operation(CreateInput, async (input) => ({ QueueUrl: urlOf((await create(broker, input)).name) })),

  GetQueueUrl: operation(z.object({ QueueName: z.string() }), (input) => ({
    QueueUrl: urlOf(broker.byName(input.QueueName).name),
  })),

  ListQueues: operation(ListInput, (input) => {
    const names = [...broker.queues.keys()].filter((name) => name.startsWith(input.QueueNamePrefix));
    const { page, next } = list(names, input);
    return { ...(page.length > 0 ? { QueueUrls: page.map(urlOf) } : {}), ...next };
  }),

  ListDeadLetterSourceQueues: operation(ListInput.extend(QueueInput.shape), (input) => {
    const names = broker.sourcesOf(broker.get(input.QueueUrl)).map(({ name }) => name);
    const { page, next } = list(names, input);
    return { queueUrls: page.map(urlOf), ...next };
  }),

  GetQueueAttributes: operation(QueueInput.extend({ AttributeNames: z.array(z.string()).nullish() }), (input) => {
    const names = input.AttributeNames ?? [];
    const unknown = names.find((name) => name !== "All" && !readable.has(name));
    if (unknown) throw invalidAttributeName(unknown);
    const all = Object.entries(readAttributes(broker, broker.get(input.QueueUrl)));
    const asked = all.filter(([name]) => names.includes("All") || names.includes(name));
    return asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {};
  }),

  SetQueueAttributes: operation(QueueInput.extend({ Attributes: Strings }), async ({ QueueUrl, Attributes }) => {
    const queue = broker.get(QueueUrl);
    checkAttributes(Object.fromEntries(Object.entries(Attributes).filter(([, value]) => value !== "")), queue.fifo);
    if ("FifoQueue" in Attributes) throw invalidAttributeName("FifoQueue");
    checkRedrive(broker, Attributes, queue.fifo);
    await broker.commit([{ op: "attributes", queue: queue.name, attributes: Attributes, at: Date.now() }]);
  }),

  PurgeQueue: operation(QueueInput, async (input) => {
    const queue = broker.get(input.QueueUrl);
    const now = Date.now();
    if (now - queue.purgedAt < purgeIntervalMs) throw purgeInProgress(queue.name);
    await broker.commit([{ op: "purge", queue: queue.name, at: now }]);
  }),

  DeleteQueue: operation(QueueInput, async (input) => {
    const queue = broker.get(input.QueueUrl);
    await broker.commit([{ op: "drop", queue: queue.name }]);
    broker.touch(queue);
  }),

  ...tagOperations(broker),
});
