import * as Bucket from "./bucket.ts";
import * as Circuit from "./circuit.ts";
import * as ErrorLimit from "./error-limit.ts";
import type { OperationId } from "./operation.ts";
import * as Shared from "./shared.ts";

export * as Budget from "./budget.ts";
export { EsiError, type EsiErrorKind, esiErrorOf, explain } from "./error.ts";
export { routes } from "./generated/routes.ts";
export type { DataOf, OperationId, RowOf } from "./operation.ts";
export { type PageSet, pages } from "./page-set.ts";
export { type Answer, request } from "./request.ts";
export type { Route } from "./route.ts";
export { cursor, fromId } from "./walk.ts";

/**
 * Until when (epoch ms) it makes no sense to ask, as far as this process knows: the error limit is used up, or the routes
 * are broken for this owner or for all. A moment that is past: nothing is known against it.
 */
export async function pausedUntil(
  operation: OperationId,
  { owner, interactive }: { owner: number; interactive: boolean },
): Promise<number> {
  const caller = { operation, owner, interactive };
  const circuit = await Circuit.untilOf(caller);
  return Math.max(circuit, ErrorLimit.untilOf(caller));
}

/** Forgets budgets, limits and broken circuits: for tests, where one process plays many. */
export function reset(): void {
  Bucket.reset();
  Circuit.reset();
  ErrorLimit.reset();
  Shared.reset();
}
