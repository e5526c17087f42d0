import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Broker } from "./broker.ts";
import { batchError, invalidContents, invalidParameter, missingParameter } from "./errors.ts";
import { attributesMd5, type Message, type MessageAttributes, md5, sha256 } from "./message.ts";
import { operation, QueueInput, runBatch } from "./parse.ts";
import type { Queue } from "./queue.ts";

const maxAttributes = 10;
const maxBatchBytes = 1_048_576;

/** What XML 1.0 allows, and SQS with it. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const Attribute = z
  .object({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z
      .string()
      .min(1)
      .nullish()
      .transform((value) => value ?? undefined),
    BinaryValue: z
      .base64()
      .min(1)
      .nullish()
      .transform((value) => value ?? undefined),
  })
  .refine(
    ({ DataType, StringValue, BinaryValue }) =>
      DataType.startsWith("Binary") ? BinaryValue !== undefined : StringValue !== undefined,
    "the value of the attribute's type must be given and not be empty",
  );

const Fifo = z
  .string()
  .regex(/^[\w!-/:-@[-`{-~]{1,128}$/)
  .nullish();

const Draft = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.int().min(0).max(900).nullish(),
  MessageAttributes: z
    .record(z.string().regex(/^[\w.-]{1,256}$/), Attribute)
    .refine((attributes) => Object.keys(attributes).length <= maxAttributes, `at most ${maxAttributes} are allowed`)
    .nullish(),
  MessageSystemAttributes: z.object({ AWSTraceHeader: Attribute.optional() }).nullish(),
  MessageGroupId: Fifo,
  MessageDeduplicationId: Fifo,
});
type Draft = z.output<typeof Draft>;

function sizeOf({ MessageBody, MessageAttributes }: Draft): number {
  let bytes = Buffer.byteLength(MessageBody);
  for (const [name, { DataType, StringValue = "", BinaryValue = "" }] of Object.entries(MessageAttributes ?? {})) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += Buffer.byteLength(StringValue) + Buffer.byteLength(BinaryValue, "base64");
  }
  return bytes;
}

function check(queue: Queue, draft: Draft): void {
  const { maxMessageBytes, contentBasedDeduplication } = queue.settings;
  if (draft.MessageBody.length === 0) throw missingParameter("MessageBody");
  if (sizeOf(draft) > maxMessageBytes) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
    );
  }
  if (forbidden.test(draft.MessageBody)) throw invalidContents();
  if (queue.fifo) {
    if (!draft.MessageGroupId) throw missingParameter("MessageGroupId");
    if (draft.DelaySeconds)
      throw invalidParameter("Value for parameter DelaySeconds is invalid. Reason: a FIFO queue delays as a whole.");
    if (!draft.MessageDeduplicationId && !contentBasedDeduplication) {
      throw invalidParameter(
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
      );
    }
  } else if (draft.MessageDeduplicationId) {
    throw invalidParameter(
      "The request includes a parameter that is not valid for this queue type: MessageDeduplicationId",
    );
  }
}

function toMessage(broker: Broker, queue: Queue, draft: Draft, now: number): Message {
  const { MessageBody, MessageAttributes, MessageGroupId } = draft;
  const traceHeader = draft.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
  return {
    id: randomUUID(),
    body: MessageBody,
    bodyMd5: md5(MessageBody),
    ...(MessageAttributes && Object.keys(MessageAttributes).length > 0 ? { attributes: MessageAttributes } : {}),
    ...(traceHeader === undefined ? {} : { traceHeader }),
    sentAt: now,
    receiveCount: 0,
    ...(MessageGroupId ? { groupId: MessageGroupId } : {}),
    ...(queue.fifo
      ? { deduplicationId: draft.MessageDeduplicationId ?? sha256(MessageBody), sequence: broker.nextSequence() }
      : {}),
  };
}

const systemAttributes = (traceHeader: string): MessageAttributes => ({
  AWSTraceHeader: { DataType: "String", StringValue: traceHeader },
});

/** FIFO sequence numbers are 20 digits. */
export const formatSequence = (sequence: number): string => String(sequence).padStart(20, "0");

/** One message into the queue; answers once it is on the disk. A duplicate gets the first one's answer. */
async function send(broker: Broker, queue: Queue, draft: Draft) {
  check(queue, draft);
  const now = Date.now();
  const message = toMessage(broker, queue, draft, now);
  const first = queue.fifo ? queue.duplicates.get(queue.duplicateKey(message)) : undefined;
  const duplicate = first && first.until > now ? first : undefined;
  if (!duplicate) {
    const delaySeconds = draft.DelaySeconds ?? queue.settings.delaySeconds;
    await broker.commit([{ op: "send", queue: queue.name, message, dueAt: now + delaySeconds * 1000 }]);
  }
  return {
    MessageId: duplicate?.id ?? message.id,
    MD5OfMessageBody: message.bodyMd5,
    ...(message.attributes ? { MD5OfMessageAttributes: attributesMd5(message.attributes) } : {}),
    ...(message.traceHeader === undefined
      ? {}
      : { MD5OfMessageSystemAttributes: attributesMd5(systemAttributes(message.traceHeader)) }),
    ...(queue.fifo ? { SequenceNumber: formatSequence(duplicate?.sequence ?? message.sequence ?? 0) } : {}),
  };
}

const DraftEntry = Draft.extend({ Id: z.string() });

export const sendOperations = (broker: Broker) => ({
  SendMessage: operation(QueueInput.extend(Draft.shape), (input) => send(broker, broker.get(input.QueueUrl), input)),

  SendMessageBatch: operation(QueueInput.extend({ Entries: z.array(DraftEntry) }), ({ QueueUrl, Entries }) => {
    const queue = broker.get(QueueUrl);
    if (Entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > maxBatchBytes) {
      throw batchError("BatchRequestTooLong", `Batch requests cannot be longer than ${maxBatchBytes} bytes.`);
    }
    return runBatch(Entries, (entry) => send(broker, queue, entry));
  }),
});
