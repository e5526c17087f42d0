import * as z from "zod";

/*
 * ESI writes moments as RFC 3339 has them, mostly `2026-11-20T13:00:00Z`, but any route may add fractions of a second or
 * another offset tomorrow. They are stored in one form: UTC, a `Z`, fractions without zeros at their end. Such texts stand
 * for the same moment only if they are the same, and compare as moments do once the `Z` is left out (`sortable`).
 */

const day = /^(\d{4})-(\d\d)-(\d\d)$/;
const moment = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Midnight of a day that the calendar has: 30 February has none. */
function midnightOf([year, month, date]: readonly number[]): number | undefined {
  const at = new Date(0);
  // Date.UTC takes the year 1 for 1901.
  at.setUTCFullYear(year as number, (month as number) - 1, date);
  return at.getUTCMonth() + 1 === month && at.getUTCDate() === date ? at.getTime() : undefined;
}

/** A moment of our own making as ESI writes them; undefined where there is no such date. */
export function momentOf(epochMs: number): string | undefined {
  if (!(Math.abs(epochMs) < 8.64e15)) return undefined;
  const text = new Date(epochMs).toISOString();
  return /^\d{4}-/.test(text) ? withFraction(text.slice(0, 19), text.slice(20, 23)) : undefined;
}

function withFraction(seconds: string, fraction: string): string {
  const digits = fraction.slice(0, 9).replace(/0+$/, "");
  return `${seconds}${digits ? `.${digits}` : ""}Z`;
}

/** The one form of a moment, or of a day; undefined if the text is neither. */
export function canonical(text: string): string | undefined {
  if (text.length === 10) {
    const found = day.exec(text);
    return found && midnightOf(found.slice(1).map(Number)) !== undefined ? text : undefined;
  }
  const found = moment.exec(text);
  if (!found) return undefined;
  const [, year, month, date, hour, minute, second, fraction = "", sign, offsetHour, offsetMinute] = found;
  const midnight = midnightOf([year, month, date].map(Number));
  const [hours, minutes, seconds] = [hour, minute, second].map(Number) as [number, number, number];
  const [aheadHours, aheadMinutes] = [offsetHour ?? 0, offsetMinute ?? 0].map(Number) as [number, number];
  const isClock = hours < 24 && minutes < 60 && (seconds < 60 || (seconds === 60 && minutes === 59));
  if (midnight === undefined || !isClock || aheadHours > 23 || aheadMinutes > 59) return undefined;
  const ahead = (sign === "-" ? -1 : 1) * (aheadHours * 60 + aheadMinutes) * minuteMs;
  // A leap second is the first one of the next minute.
  const whole = momentOf(midnight + (hours * 60 + minutes) * minuteMs + seconds * 1000 - ahead);
  return whole && withFraction(whole.slice(0, 19), fraction);
}

/** What of a stored moment compares as text, by plain `<`, as the moments do; days are their own midnights. */
export const sortable = (text: string): string => (text.endsWith("Z") ? text.slice(0, -1) : text);

/** A stored moment or day as a number that compares as it does, to the nanosecond. */
export const instantOf = (text: string): bigint =>
  BigInt(Date.parse(text.slice(0, 19) + (text.length > 10 ? "Z" : ""))) * 1_000_000n +
  BigInt((sortable(text).slice(20) || "0").padEnd(9, "0"));

/** The later one of two stored moments. */
export const later = (one: string, other: string): string => (sortable(one) < sortable(other) ? other : one);

/** Nothing in EVE is older than EVE. */
const launch = "2003-05-06";

/** Into which months a ledger's rows may fall: from the game's first one to the one that it is in a day. */
export const latestMonth = (): string => new Date(Date.now() + dayMs).toISOString().slice(0, 7);

/**
 * Whether a ledger has a place for a row of this moment. Outside of EVE's life there are no readers, and each month in
 * between would be looked into when the corporation is removed.
 */
export const isInReach = (text: string): boolean =>
  text >= launch && sortable(text) <= sortable(momentOf(Date.now() + dayMs) as string);

const read = (text: string, context: z.RefinementCtx): string => {
  const known = canonical(text);
  if (known !== undefined) return known;
  context.addIssue({ code: "custom", message: "no moment that there is", input: text });
  return z.NEVER;
};

/** A moment, or a day, in any form that RFC 3339 has. Whenever it is: a contract may expire in 0001, which is "never". */
export const Moment = z.string().transform(read);

/** The moment that says in which month of a ledger a row is kept. */
export const LedgerMoment = z.string().transform(read).refine(isInReach, "a moment outside of EVE's life");
