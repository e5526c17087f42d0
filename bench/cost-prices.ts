import { queues, schedules } from "@tapi/functions/topology";
import type { Units } from "./cost-measure.ts";

/** List prices of us-east-1 in dollars. */
const price = {
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  storedGb: 0.25,
  sqsRequest: 0.4e-6,
  sqsFree: 1_000_000,
  lambdaGbSecond: 0.0000133334,
  invocation: 0.2e-6,
  kmsKey: 1,
  kmsCall: 0.03e-4,
  alarm: 0.1,
  loggedGb: 0.5,
};

export type Tier = "P0" | "P1" | "P2" | "P3";

const hoursPerMonth = 730;
/** Deltas are kept this long; what a corporation has grown to by then is what it stores. */
const retentionDays = 90;
/** Log lines of an invocation, with Lambda's own. */
const loggedBytes = 600;
/**
 * Warm containers, each with a cache of its own: one for each queue, as they run at the same time. A data key is decrypted
 * once in each, twice an hour, whichever measured by one process; never more often than there are invocations.
 */
const containers = 12;
const dataKeysPerHour = 2;

/** What one corporation costs a month, by what it is paid for. */
function parts(units: Units) {
  const month = (value: number) => value * hoursPerMonth;
  const kmsCalls = Math.max(units.kmsCalls, Math.min(units.invocations, containers * dataKeysPerHour));
  const storedGb = (units.grownBytes * 24 * retentionDays) / 1e9;
  return {
    "DynamoDB writes": month(units.writeUnits) * price.writeUnit,
    "DynamoDB reads": month(units.readUnits) * price.readUnit,
    "DynamoDB storage": storedGb * price.storedGb,
    SQS: month(units.sqsRequests) * price.sqsRequest,
    Lambda: month(units.lambdaGbSeconds) * price.lambdaGbSecond + month(units.invocations) * price.invocation,
    KMS: month(kmsCalls) * price.kmsCall,
    Logs: (month(units.invocations) * loggedBytes * price.loggedGb) / 1e9,
  };
}

const dollars = (value: number, digits = 3) => `$${value.toFixed(digits)}`;
const sum = (values: Record<string, number>) => Object.values(values).reduce((total, value) => total + value, 0);

export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const pollers = 5;
const pollSeconds = 20;
const monthSeconds = hoursPerMonth * 3600;
/** Two for each queue (dead letters, backlog), one for each schedule, the API's errors and a silent scheduler. */
const alarms = 2 * Object.keys(queues).length + Object.keys(schedules).length + 2;

/** What the stack costs a month before any corporation is added. */
function idleParts(): Record<string, number> {
  const polls = (Object.keys(queues).length * pollers * monthSeconds) / pollSeconds;
  const ticks = monthSeconds / 60;
  return {
    "SQS: event source mappings polling 13 queues": Math.max(0, polls - price.sqsFree) * price.sqsRequest,
    "KMS key": price.kmsKey,
    [`${alarms} alarms`]: alarms * price.alarm,
    "Scheduler: a tick a minute (0.2 GB-s, 17 queries)":
      ticks * (0.2 * price.lambdaGbSecond + price.invocation + 8.5 * price.readUnit),
  };
}

export function idle(): string {
  const each = idleParts();
  const rows = Object.entries(each).map(([name, value]) => [name, dollars(value, 2)]);
  return table(["idle, a month", "cost"], [...rows, ["**total** (goal <= $7)", `**${dollars(sum(each), 2)}**`]]);
}

/** The tables of a corporation's cost: by tier and part, in units, and of the whole for many corporations. */
export function lines(measured: ReadonlyMap<Tier, Units>): Record<string, string> {
  const tiers = [...measured.keys()];
  const costs = new Map([...measured].map(([tier, units]) => [tier, parts(units)]));
  const first = [...costs.values()][0] as ReturnType<typeof parts>;
  const names = Object.keys(first) as (keyof typeof first)[];
  const of = (tier: Tier) => costs.get(tier) as typeof first;
  const unitNames = Object.keys([...measured.values()][0] as Units) as (keyof Units)[];
  const idleCost = sum(idleParts());
  return {
    "per-corporation": table(
      ["one corporation, a month", ...tiers],
      [
        ...names.map((name) => [name, ...tiers.map((tier) => dollars(of(tier)[name], 4))]),
        ["**total**", ...tiers.map((tier) => `**${dollars(sum(of(tier)))}**`)],
      ],
    ),
    units: table(
      ["one corporation, an hour (measured)", ...tiers],
      unitNames.map((name) => [name, ...tiers.map((tier) => (measured.get(tier) as Units)[name].toFixed(2))]),
    ),
    totals: table(
      ["corporations", ...tiers],
      [1, 10, 100, 1000].map((count) => [
        String(count),
        ...tiers.map((tier) => dollars(idleCost + count * sum(of(tier)), 2)),
      ]),
    ),
  };
}
