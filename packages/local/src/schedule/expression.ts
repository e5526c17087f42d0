import { Cron } from "croner";

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

const malformed = (expression: string, why: string) =>
  new Error(`The schedule "${expression}" is not one that EventBridge takes: ${why}.`);

/** Multiples of the period since the epoch; EventBridge counts from the rule's creation, which a local run has not. */
function nextRate(expression: string, content: string, after: number): number {
  const match = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(content);
  const period = Number(match?.[1]) * (unitMs[match?.[2] ?? ""] ?? Number.NaN);
  if (!match || Number.isNaN(period)) throw malformed(expression, "a rate is a number and minutes, hours or days");
  if ((match[1] === "1") === (match[3] === "s"))
    throw malformed(expression, "1 takes the singular, all else the plural");
  return (Math.floor(after / period) + 1) * period;
}

/** Six fields in UTC, of which one day field is `?`; weekdays run from 1 (Sunday). */
function nextCron(expression: string, content: string, after: number): number | undefined {
  const fields = content.split(/ +/);
  const [minute, hour, dayOfMonth, month, dayOfWeek, year] = fields;
  if (fields.length !== 6) throw malformed(expression, "a cron expression has six fields");
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw malformed(expression, "one of day-of-month and day-of-week is ?, the other is not");
  }
  // AWS writes "the last Friday" as 6L, croner as 6#L.
  const weekday = dayOfWeek?.replace(/^(\w+)L$/, "$1#L");
  const pattern = ["0", minute, hour, dayOfMonth, month, weekday, year].map((field) => (field === "?" ? "*" : field));
  const cron = new Cron(pattern.join(" "), {
    paused: true,
    timezone: "UTC",
    mode: "7-part",
    sloppyRanges: true,
    alternativeWeekdays: true,
  });
  return cron.nextRun(new Date(after))?.getTime();
}

/**
 * The first moment later than `after` (epoch milliseconds) at which an EventBridge expression fires; undefined when
 * there is none. Throws for what EventBridge would refuse.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function nextFire(expression: string, after: number): number | undefined {
  const [, kind, content = ""] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "rate") return nextRate(expression, content, after);
  if (kind === "cron") return nextCron(expression, content, after);
  throw malformed(expression, "it is neither rate(...) nor cron(...)");
}
