import type { Dataset } from "@tapi/core/engine/dataset";
import { type Route, routes } from "@tapi/core/eve/esi";
import { promisedMs, type Tier } from "@tapi/core/owner";
import { Datasets } from "@tapi/core/owners/corporation";
import { billedMs, esiWaitMs, gbSeconds } from "./cost-lambda.ts";
import type { Units } from "./cost-measure.ts";

const hourMs = 3_600_000;
const memoryMb = 512;
/** Messages that can at best share an invocation and its requests. */
const batchSize = 10;
/** Processor milliseconds of the least that a refresh does, as the profile of an unchanged one shows them. */
const cpuMs = 15;

/** How long an answer holds; what follows a list costs nothing while that list does not change. */
function intervalMs({ operations, detailOf, follows, minIntervalSeconds = 0 }: Dataset): number {
  if (detailOf !== undefined || follows) return Number.POSITIVE_INFINITY;
  const route: Route = routes[operations[0]];
  if (route.daily) return 24 * hourMs;
  return Math.max(route.cacheTtlSeconds ?? 3_600, minIntervalSeconds) * 1000;
}

/** Refreshes of a corporation an hour when each is made at the very end of what its tier promises. */
export const forcedRefreshes = (tier: Tier): number =>
  Datasets.datasets.reduce((sum, dataset) => sum + hourMs / (intervalMs(dataset) + promisedMs[tier]), 0);

/**
 * The least that a refresh can take as the product is built: nothing has changed, it writes its lease, its state and the use
 * of the token, reads validators, directors, token and whether anybody listens, and shares a full batch.
 */
export function cheapestHour(tier: Tier): Units {
  const refreshes = forcedRefreshes(tier);
  const invocations = refreshes / batchSize;
  return {
    refreshes,
    writeUnits: 3 * refreshes,
    readUnits: 4 * refreshes,
    // Sent, received and deleted.
    sqsRequests: 3 * invocations,
    invocations,
    lambdaGbSeconds: invocations * gbSeconds(billedMs(memoryMb, batchSize * cpuMs, esiWaitMs), memoryMb),
    kmsCalls: 0,
    loggedBytes: 0,
    grownBytes: 0,
  };
}
