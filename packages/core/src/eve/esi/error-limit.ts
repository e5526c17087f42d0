import { EsiError } from "./error.ts";
import { countOf } from "./header.ts";
import type { Call } from "./operation.ts";
import { routeOf } from "./operation.ts";
import * as Shared from "./shared.ts";
import type { AnswerHeaders } from "./wire.ts";

/*
 * The older limit, for routes without a bucket: 100 errors a minute, then 420. It counts by source address, so it is kept
 * once for all processes, whichever character asks.
 */
const stopped = "errors";
/** A 420 on a route that has a bucket of its own: ESI has shut every route. */
const everything = "everything";
/** Every answer says it anew: each process learns it from its own. */
let scarceUntil = 0;

/** The last errors of a minute are left to people: background work stops here. */
const scarceBelow = 20;

/** When a 420 does not say: the longest that its window can last. */
const windowMs = 60_000;

/** Until when (epoch ms) calls of this kind must wait; `call.interactive` may use up the last errors. */
export function untilOf(call: Call): number {
  const limited = routeOf(call.operation).rateGroup === undefined;
  const scarce = limited && !call.interactive ? scarceUntil : 0;
  return Math.max(Shared.untilOf(everything), limited ? Shared.untilOf(stopped) : 0, scarce);
}

/** Throws while calls of this kind must wait. */
export function check(call: Call): void {
  const until = untilOf(call);
  if (until <= Date.now()) return;
  throw new EsiError("error_limited", call.operation, "waits for the error limit to be reset", { retryAt: until });
}

/** The resets of one window are told to the second: a later one is another window. */
const sameWindowMs = 2_000;

async function stop(name: string, until: number): Promise<void> {
  if (until > Shared.untilOf(name) + sameWindowMs) await Shared.put({ name, until });
}

/** Learns from an answer; returns the moment of the reset if it was a 420. */
export async function learn(
  call: Call,
  status: number,
  headers: AnswerHeaders,
  now: number,
): Promise<number | undefined> {
  const reset = countOf(headers, "x-esi-error-limit-reset");
  const resetAt = now + (reset === undefined ? windowMs : Math.min(reset * 1000, windowMs) + 1000);
  if (status === 420) {
    if (routeOf(call.operation).rateGroup) await stop(everything, resetAt);
    await stop(stopped, resetAt);
    return resetAt;
  }
  const remain = countOf(headers, "x-esi-error-limit-remain");
  if (remain !== undefined && remain < scarceBelow) scarceUntil = resetAt;
  return undefined;
}

export function reset(): void {
  scarceUntil = 0;
}
