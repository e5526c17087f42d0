import type { Route } from "./route.ts";
import type { AnswerHeaders } from "./wire.ts";

/** Headers count whole seconds: one more, so that a figure that was rounded down never makes us early. */
const roundingMs = 1000;

/** For event-based routes whose answer does not say how long it holds. */
const unknownTtlMs = 60_000;

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

/**
 * When an answer expires on this machine's clock: `Cache-Control: max-age`, else `Expires`, else what the spec promises.
 * Only differences between ESI's own times are used, so a wrong clock on either side does no harm.
 */
export function expiryOf(headers: AnswerHeaders, route: Route, receivedAt: number): number {
  const maxAge = /max-age=(\d+)/.exec(headers.get("cache-control") ?? "")?.[1];
  if (maxAge) {
    const age = Number(headers.get("age") ?? 0) || 0;
    return receivedAt + Math.max(0, Number(maxAge) - age) * 1000 + roundingMs;
  }
  const expires = timeOf(headers.get("expires"));
  if (expires !== undefined) {
    return receivedAt + Math.max(0, expires - (dateOf(headers) ?? receivedAt)) + roundingMs;
  }
  if (route.daily) return nextDailyExpiry(receivedAt);
  return receivedAt + (route.cacheTtlSeconds ? route.cacheTtlSeconds * 1000 : unknownTtlMs);
}

export const dateOf = (headers: AnswerHeaders): number | undefined => timeOf(headers.get("date"));
export const lastModifiedOf = (headers: AnswerHeaders): number | undefined => timeOf(headers.get("last-modified"));

/** `Retry-After` as a moment on this machine's clock; it counts seconds or names a date. */
export function retryAfterOf(headers: AnswerHeaders, receivedAt: number): number | undefined {
  const value = headers.get("retry-after");
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return receivedAt + Number(value) * 1000;
  const moment = timeOf(value);
  return moment === undefined ? undefined : receivedAt + Math.max(0, moment - (dateOf(headers) ?? receivedAt));
}
