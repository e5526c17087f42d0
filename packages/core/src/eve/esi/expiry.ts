import { countOf } from "./header.ts";
import type { Route } from "./route.ts";
import type { AnswerHeaders } from "./wire.ts";

/** Headers count whole seconds: one more, so that a figure that was rounded down never makes us early. */
const roundingMs = 1000;

/** For event-based routes whose answer does not say how long it holds, and for answers that have expired already. */
const unknownTtlMs = 60_000;
/** No route holds longer than a day: a year is a mistake, and nobody would ever ask again. */
const longestTtlMs = 48 * 3_600_000;
/** Nor is any limit longer than a quarter of an hour. */
const longestRetryMs = 3_600_000;

/** Daily routes expire at 11:05 UTC, once the daily downtime is over. */
const dailyExpiry = { hour: 11, minute: 5 };

function nextDailyExpiry(now: number): number {
  const day = new Date(now);
  const today = day.setUTCHours(dailyExpiry.hour, dailyExpiry.minute, 0, 0);
  return today > now ? today : today + 24 * 3_600_000;
}

const timeOf = (value: string | null): number | undefined => {
  const time = value ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
};

/** How long an answer holds by its headers, from now on. */
function statedTtlOf(headers: AnswerHeaders, receivedAt: number): number | undefined {
  const maxAge = /(?:^|[,\s])max-age="?(\d+)/i.exec(headers.get("cache-control") ?? "")?.[1];
  if (maxAge) return (Number(maxAge) - (countOf(headers, "age") ?? 0)) * 1000;
  const expires = timeOf(headers.get("expires"));
  return expires === undefined ? undefined : expires - (dateOf(headers) ?? receivedAt);
}

/**
 * When an answer expires on this machine's clock: `Cache-Control: max-age`, else `Expires`, else what the spec promises.
 * Only differences between ESI's own times are used, so a wrong clock on either side does no harm.
 */
export function expiryOf(headers: AnswerHeaders, route: Route, receivedAt: number): number {
  const statedMs = statedTtlOf(headers, receivedAt);
  if (statedMs !== undefined) {
    return receivedAt + (statedMs >= 0 ? Math.min(statedMs, longestTtlMs) + roundingMs : unknownTtlMs);
  }
  if (route.daily) return nextDailyExpiry(receivedAt);
  return receivedAt + (route.cacheTtlSeconds ? route.cacheTtlSeconds * 1000 : unknownTtlMs);
}

/** When an answer says itself that it expires, if that lies ahead: until then ESI gives the same one again. */
export function heldUntil(headers: AnswerHeaders, receivedAt: number): number | undefined {
  const statedMs = statedTtlOf(headers, receivedAt);
  return statedMs !== undefined && statedMs > 0
    ? receivedAt + Math.min(statedMs, longestTtlMs) + roundingMs
    : undefined;
}

export const dateOf = (headers: AnswerHeaders): number | undefined => timeOf(headers.get("date"));
export const lastModifiedOf = (headers: AnswerHeaders): number | undefined => timeOf(headers.get("last-modified"));

/** `Retry-After` as a moment on this machine's clock; it counts seconds or names a date. */
export function retryAfterOf(headers: AnswerHeaders, receivedAt: number): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  // Date.parse would take a lone number for a year.
  const moment = /[a-z]/i.test(value) ? timeOf(value) : undefined;
  const waitMs = seconds === undefined ? moment && moment - (dateOf(headers) ?? receivedAt) : seconds * 1000;
  return waitMs === undefined ? undefined : receivedAt + Math.min(Math.max(0, waitMs), longestRetryMs);
}
