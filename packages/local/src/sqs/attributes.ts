import { z } from "zod";
import { invalidAttributeName, invalidAttributeValue } from "./errors.ts";

/** What a queue works with, read from its attributes. */
export interface Settings {
  fifo: boolean;
  contentBasedDeduplication: boolean;
  deduplicatesByGroup: boolean;
  delaySeconds: number;
  maxMessageBytes: number;
  retentionSeconds: number;
  waitSeconds: number;
  visibilitySeconds: number;
  redrive: { targetArn: string; maxReceiveCount: number } | undefined;
}

const integer = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .refine((value) => Number(value) >= from && Number(value) <= to, `must be from ${from} to ${to}`);

const flag = z.enum(["true", "false"]);
const json = z.string().refine((text) => {
  try {
    return text === "" || typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}, "must be JSON");

/** Limits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html (1 MiB since August 2025). */
const settable: Record<string, z.ZodType<string>> = {
  DelaySeconds: integer(0, 900),
  MaximumMessageSize: integer(1024, 1_048_576),
  MessageRetentionPeriod: integer(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: integer(0, 20),
  VisibilityTimeout: integer(0, 43_200),
  RedrivePolicy: json,
  RedriveAllowPolicy: json,
  Policy: json,
  FifoQueue: flag,
  ContentBasedDeduplication: flag,
  DeduplicationScope: z.enum(["queue", "messageGroup"]),
  FifoThroughputLimit: z.enum(["perQueue", "perMessageGroupId"]),
  KmsMasterKeyId: z.string(),
  KmsDataKeyReusePeriodSeconds: integer(60, 86_400),
  SqsManagedSseEnabled: flag,
};

const defaults: Record<string, string> = {
  DelaySeconds: "0",
  MaximumMessageSize: "1048576",
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  SqsManagedSseEnabled: "true",
};

const fifoDefaults: Record<string, string> = {
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  FifoThroughputLimit: "perQueue",
};

const Redrive = z.object({
  deadLetterTargetArn: z.string().startsWith("arn:aws:sqs:"),
  maxReceiveCount: z.coerce.number().int().min(1).max(1000),
});

export const counts = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

export const readable = new Set<string>([
  ...Object.keys(settable),
  ...counts,
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
]);

/** Checks what a caller wants to set; throws in SQS's words. */
export function checkAttributes(attributes: Record<string, string>, fifo: boolean): void {
  for (const [name, value] of Object.entries(attributes)) {
    const rule = settable[name];
    if (!rule || (!fifo && name in fifoDefaults)) throw invalidAttributeName(name);
    const checked = rule.safeParse(value);
    if (!checked.success) throw invalidAttributeValue(name, checked.error.issues[0]?.message ?? "it is malformed.");
  }
  if (attributes.RedrivePolicy) readRedrive(attributes.RedrivePolicy);
}

function readRedrive(policy: string | undefined): Settings["redrive"] {
  if (!policy) return undefined;
  const parsed = Redrive.safeParse(JSON.parse(policy));
  if (!parsed.success) throw invalidAttributeValue("RedrivePolicy", z.prettifyError(parsed.error));
  return { targetArn: parsed.data.deadLetterTargetArn, maxReceiveCount: parsed.data.maxReceiveCount };
}

/** An empty value takes a policy or key away, as in the real service. */
export const mergeAttributes = (before: Record<string, string>, change: Record<string, string>) =>
  Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ""));

export const effective = (attributes: Record<string, string>, fifo: boolean): Record<string, string> => ({
  ...defaults,
  ...(fifo ? { ...fifoDefaults, FifoQueue: "true" } : {}),
  ...attributes,
});

export function readSettings(attributes: Record<string, string>, fifo: boolean): Settings {
  const all = effective(attributes, fifo);
  return {
    fifo,
    contentBasedDeduplication: all.ContentBasedDeduplication === "true",
    deduplicatesByGroup: all.DeduplicationScope === "messageGroup",
    delaySeconds: Number(all.DelaySeconds),
    maxMessageBytes: Number(all.MaximumMessageSize),
    retentionSeconds: Number(all.MessageRetentionPeriod),
    waitSeconds: Number(all.ReceiveMessageWaitTimeSeconds),
    visibilitySeconds: Number(all.VisibilityTimeout),
    redrive: readRedrive(all.RedrivePolicy),
  };
}
