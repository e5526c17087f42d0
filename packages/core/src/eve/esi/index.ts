import * as Bucket from "./bucket.ts";
import * as Circuit from "./circuit.ts";
import * as ErrorLimit from "./error-limit.ts";
import type { Call, Caller, DataOf, Input, OperationId, RowOf, Target } from "./operation.ts";
import { type PageOptions, type PageSet, readPages } from "./page-set.ts";
import { type Answer, call } from "./request.ts";
import * as Shared from "./shared.ts";
import { type Feed, type FeedOptions, type History, type HistoryOptions, walkFeed, walkHistory } from "./walk.ts";

export * as Budget from "./budget.ts";
export { EsiError, type EsiErrorKind, esiErrorOf, explain } from "./error.ts";
export { routes } from "./generated/routes.ts";
export type { DataOf, OperationId, RowOf } from "./operation.ts";
export type { PageSet } from "./page-set.ts";
export type { Answer } from "./request.ts";
export type { Route } from "./route.ts";

const callOf = (operation: OperationId, input: object): Call => ({ ...input, operation });

/** One call. With an `etag` the answer may be a 304 without data. Throws EsiError. */
export const request = <Id extends OperationId>(operation: Id, input: Input<Id>): Promise<Answer<DataOf<Id>>> =>
  call(callOf(operation, input)) as Promise<Answer<DataOf<Id>>>;

type PageInput<Id extends OperationId> = Caller & Target<Id> & PageOptions;

/** All pages of an `x-pages` operation, consistent with each other. Throws EsiError. */
export function pages<Id extends OperationId>(operation: Id, input: PageInput<Id>): Promise<PageSet<RowOf<Id>[]>>;
export function pages<Page>(operation: OperationId, input: PageInput<OperationId>): Promise<PageSet<Page>>;
export function pages(operation: OperationId, input: PageInput<OperationId>): Promise<PageSet<unknown>> {
  const { etags, lastModified, concurrency, onProgress, waitMs, isAppendOnly, leavesOutKnown, reachesKnown, ...rest } =
    input;
  return readPages(callOf(operation, rest), {
    ...{ etags, lastModified, concurrency, onProgress, waitMs },
    ...{ isAppendOnly, leavesOutKnown, reachesKnown },
  });
}

type HistoryInput<Id extends OperationId, Row> = Caller & Target<Id> & HistoryOptions<Row>;

/** The new rows of a `from_id` operation. Throws EsiError. */
export function fromId<Id extends OperationId>(
  operation: Id,
  input: HistoryInput<Id, RowOf<Id>>,
): Promise<History<RowOf<Id>>>;
export function fromId<Row>(operation: OperationId, input: HistoryInput<OperationId, Row>): Promise<History<Row>>;
export function fromId(operation: OperationId, input: HistoryInput<OperationId, never>): Promise<History<never>> {
  const { idField, until, etag, gaps, heldUntil, ...rest } = input;
  return walkHistory(callOf(operation, rest), { idField, until, etag, gaps, heldUntil });
}

/** A `cursor` operation: everything, or what is new since `after`. Throws EsiError. */
export const cursor = <Id extends OperationId, Row>(
  operation: Id,
  { after, rowsOf, keyOf, ...input }: Caller & Target<Id> & FeedOptions<DataOf<Id>, Row>,
): Promise<Feed<Row>> => walkFeed(callOf(operation, input), { after, rowsOf, keyOf });

/**
 * Until when (epoch ms) it makes no sense to ask, as far as this process knows: the error limit is used up, or the routes
 * are broken for this owner or for all. A moment that is past: nothing is known against it.
 */
export async function pausedUntil(
  operation: OperationId,
  { owner, interactive }: { owner: number; interactive: boolean },
): Promise<number> {
  const asked = { operation, owner, interactive };
  const circuit = await Circuit.untilOf(asked);
  return Math.max(circuit, ErrorLimit.untilOf(asked));
}

/** Forgets budgets, limits and broken circuits: for tests, where one process plays many. */
export function reset(): void {
  Bucket.reset();
  Circuit.reset();
  ErrorLimit.reset();
  Shared.reset();
}
