import { createHash, randomUUID } from "node:crypto";

interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  BinaryValue?: string | undefined;
}

export type MessageAttributes = Record<string, MessageAttribute>;

/** A message as the journal keeps it; moments are epoch milliseconds. */
export interface Message {
  id: string;
  body: string;
  bodyMd5: string;
  attributes?: MessageAttributes;
  traceHeader?: string;
  sentAt: number;
  receiveCount: number;
  firstReceivedAt?: number;
  groupId?: string;
  deduplicationId?: string;
  sequence?: number;
  /** The queue that a message in a dead-letter queue came from. */
  sourceArn?: string;
}

export const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const lengthPrefixed = (value: Buffer): Buffer[] => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return [length, value];
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function attributesMd5(attributes: MessageAttributes): string {
  const hash = createHash("md5");
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name];
    if (!attribute) continue;
    const binary = attribute.BinaryValue != null;
    const value = binary
      ? Buffer.from(attribute.BinaryValue ?? "", "base64")
      : Buffer.from(attribute.StringValue ?? "", "utf8");
    const parts = [
      ...lengthPrefixed(Buffer.from(name)),
      ...lengthPrefixed(Buffer.from(attribute.DataType)),
      Buffer.from([binary ? 2 : 1]),
      ...lengthPrefixed(value),
    ];
    for (const part of parts) hash.update(part);
  }
  return hash.digest("hex");
}

/** The same contents under a new id, sent now and never received: what a redrive puts into the target queue. */
export function resent(message: Message, sentAt: number): Message {
  const { firstReceivedAt, sourceArn, sequence, ...kept } = message;
  return { ...kept, id: randomUUID(), sentAt, receiveCount: 0 };
}

/**
 * Names one delivery of one message. A later delivery has a higher count, so that a handle from an earlier one is
 * recognised, also after a restart that lost the last receives.
 */
export const receiptHandle = (message: Message): string =>
  Buffer.from(`${message.id} ${message.receiveCount}`).toString("base64");

export function parseReceiptHandle(handle: string): { id: string; delivery: number } | undefined {
  const match = /^([0-9a-f-]{36}) (\d+)$/.exec(Buffer.from(handle, "base64").toString());
  return match?.[1] ? { id: match[1], delivery: Number(match[2]) } : undefined;
}
