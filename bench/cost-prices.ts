import { retentionDaysOf, type Tier } from "@tapi/core/owner";
import { queues } from "@tapi/functions/topology";
import type { IdleTick, Units } from "./cost-measure.ts";

/**
 * List prices of us-east-1 in dollars as known in November 2026: on-demand DynamoDB (since its reduction of November 2024),
 * SQS standard queues, Lambda on arm64, KMS, CloudWatch. Compare them with AWS's pricing pages before relying on them. Free
 * tiers are left out, but for SQS's first million requests, which its price list names as a tier of its own.
 */
const price = {
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  /** The table's standard class, and point-in-time recovery of it. */
  storedGb: 0.25 + 0.2,
  sqsRequest: 0.4e-6,
  sqsFree: 1_000_000,
  lambdaGbSecond: 0.0000133334,
  invocation: 0.2e-6,
  kmsKey: 1,
  kmsCall: 0.03e-4,
  alarm: 0.1,
  loggedGb: 0.5,
};

/** What is measured of one corporation: units of an hour, and how much of the table is its own to begin with. */
export interface Measured {
  hour: Units;
  storedBytes: number;
}

const hoursPerMonth = 730;
const bytesPerGb = 1e9;
/**
 * Warm containers, each with a cache of its own: one for each refresh queue, as they run at the same time. A director's data
 * key is decrypted once in each for as long as it is kept (token/cipher.ts), but never more often than there are invocations.
 */
const containers = 12;
const dataKeyHours = 4;

/** What one corporation costs a month, by what it is paid for. */
export function parts(tier: Tier, { hour, storedBytes }: Measured) {
  const month = (value: number) => value * hoursPerMonth;
  const kmsCalls = Math.max(hour.kmsCalls, Math.min(hour.invocations, containers / dataKeyHours));
  const bytes = storedBytes + hour.grownBytes * 24 * retentionDaysOf(tier);
  return {
    "DynamoDB writes": month(hour.writeUnits) * price.writeUnit,
    "DynamoDB reads": month(hour.readUnits) * price.readUnit,
    "DynamoDB storage": (bytes / bytesPerGb) * price.storedGb,
    SQS: month(hour.sqsRequests) * price.sqsRequest,
    Lambda: month(hour.lambdaGbSeconds) * price.lambdaGbSecond + month(hour.invocations) * price.invocation,
    KMS: month(kmsCalls) * price.kmsCall,
    Logs: (month(hour.loggedBytes) / bytesPerGb) * price.loggedGb,
  };
}

export const sum = (values: Record<string, number>) => Object.values(values).reduce((total, value) => total + value, 0);

const pollers = 5;
const pollSeconds = 20;
const monthSeconds = hoursPerMonth * 3600;
/** Of one metric each: two for each queue (dead letters, backlog), one for that of news, and nine more; infra/infra.test.ts counts them. */
const alarms = 2 * Object.keys(queues).length - 1 + 9;

/** What the stack costs a month before any corporation is added. */
export function idleParts(tick: IdleTick): Record<string, number> {
  const queueCount = Object.keys(queues).length;
  const polls = (queueCount * pollers * monthSeconds) / pollSeconds;
  const ticks = monthSeconds / 60;
  const ofTick = {
    Lambda: tick.gbSeconds * price.lambdaGbSecond + price.invocation,
    table: tick.readUnits * price.readUnit + tick.writeUnits * price.writeUnit,
    logs: (tick.loggedBytes / bytesPerGb) * price.loggedGb,
  };
  return {
    [`SQS: event source mappings polling ${queueCount} queues`]: Math.max(0, polls - price.sqsFree) * price.sqsRequest,
    "KMS key": price.kmsKey,
    [`${alarms} alarms`]: alarms * price.alarm,
    "Scheduler: a round a minute": ticks * sum(ofTick),
  };
}
