/**
 * Lookups on routes without a bucket count, when ESI refuses them, against its limit of 100 errors a minute, which all
 * that this process does shares. So few are risked in a minute, whoever asks.
 */
const mostPerMinute = 25;
const windowMs = 60_000;

let refusedAt: number[] = [];

/** Whether one more refusal can be risked now. */
export function mayRisk(now = Date.now()): boolean {
  refusedAt = refusedAt.filter((at) => at > now - windowMs && at <= now);
  return refusedAt.length < mostPerMinute;
}

export function record(now = Date.now()): void {
  refusedAt.push(now);
}

export function reset(): void {
  refusedAt = [];
}
