import type { OperationId } from "../../eve/esi/index.ts";
import * as Esi from "../../eve/esi/index.ts";
import { pathOf } from "../../owner/index.ts";
import { eachRow } from "./each-row.ts";
import type { FetchContext, Row, ValidatedPage, Validator } from "./index.ts";
import { lacksNames } from "./name-columns.ts";

/** What is asked of an operation besides the owner: an item of a list, a division, a filter. */
export interface Target {
  path?: Readonly<Record<string, string | number>>;
  query?: Readonly<Record<string, string | number | boolean>>;
}

/** One answer, however many calls it took. Neither `rows` nor `pages` is there when nothing has changed since `validator`. */
export interface Answered {
  rows?: Row[];
  pages?: ValidatedPage[];
  validator?: Validator;
  staleAt: number;
  cost: number;
  /** Why only some of what is new was answered: those rows are kept, the rest is asked for again. */
  failure?: Esi.EsiError;
}

/** Turns what ESI answered into rows. Absent: the answer is a list of rows already. */
export type ToRows = (data: never, context: FetchContext) => Row[] | Promise<Row[]>;

export const call = (context: FetchContext, { path, query }: Target) => ({
  path: { ...pathOf(context.owner), ...path },
  interactive: context.interactive,
  ...(query ? { query } : {}),
  ...(context.accessToken ? { accessToken: context.accessToken } : {}),
  ...(context.characterId ? { characterId: context.characterId } : {}),
});

/** The rows of an answer. One that is not built as the spec says is ESI's fault, not ours: it is tried again later. */
async function rowsOf(operation: OperationId, data: unknown, context: FetchContext, toRows?: ToRows): Promise<Row[]> {
  if (!toRows) return data as Row[];
  try {
    return await toRows(data as never, context);
  } catch (error) {
    // Of the time of a moment that is none, toISOString throws a RangeError.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    throw new Esi.EsiError("malformed", operation, "it is not built as the spec says");
  }
}

/** Of an answer that is asked for in full the next time. */
const withoutValidator = { validator: { etags: [] } };

/** One call that answers everything. */
export async function askWhole(
  operation: OperationId,
  target: Target,
  known: Validator | undefined,
  context: FetchContext,
  toRows?: ToRows,
): Promise<Answered> {
  const etag = known?.etags[0];
  const answer = await Esi.request(operation, { ...call(context, target), ...(etag ? { etag } : {}) });
  const { expiresAt: staleAt, cost } = answer;
  const tag = answer.etag ?? (answer.status === 304 ? etag : undefined);
  const validator = tag ? { validator: { etags: [tag] } } : {};
  if (answer.status === 304) return { ...validator, staleAt, cost };
  const rows = await rowsOf(operation, answer.data, context, toRows);
  return { rows, ...(lacksNames(rows) ? withoutValidator : validator), staleAt, cost };
}

/** All pages of an X-Pages route, as one consistent set. Those that need no more work are validated as they come. */
export async function askPages(
  operation: OperationId,
  target: Target,
  known: Validator | undefined,
  context: FetchContext,
  toRows?: ToRows,
): Promise<Answered> {
  const input = {
    ...call(context, target),
    ...(known ? { etags: known.etags } : {}),
    onProgress: context.progress,
    // A ledger never loses rows: its pages need not be of one moment, nor complete.
    ...(context.isLedger ? { isAppendOnly: true, leavesOutKnown: !toRows } : {}),
  };
  const answered = ({ etags, expiresAt, cost, failure }: Esi.PageSet<unknown>): Answered => ({
    validator: { etags },
    staleAt: expiresAt,
    cost,
    ...(failure ? { failure } : {}),
  });
  if (context.validatePage && !toRows) {
    const set = await Esi.pages<ValidatedPage>(operation, { ...input, read: context.validatePage });
    return { ...answered(set), ...(set.pages ? { pages: set.pages } : {}) };
  }
  const set = await Esi.pages<Row[]>(operation, input);
  if (!set.pages) return answered(set);
  const rows = await rowsOf(operation, set.pages.flat(), context, toRows);
  return { ...answered(set), rows, ...(lacksNames(rows) ? withoutValidator : {}) };
}

/** What is new of a `from_id` route: it is walked back until a row that is known, or the end of what ESI keeps. */
export async function askHistory(
  operation: OperationId,
  target: Target,
  known: Validator | undefined,
  context: FetchContext,
  { idColumn, until }: { idColumn: string; until: (row: Row) => boolean },
): Promise<Answered> {
  const etag = known?.etags[0];
  const walk = await Esi.fromId<Row>(operation, {
    ...call(context, target),
    idField: idColumn,
    // Of a walk of which nothing is known, gaps are not either: a worker may have died before it wrote them down.
    until: known && !known.isOutdated ? until : () => false,
    ...(etag ? { etag } : {}),
    ...(known?.gaps ? { gaps: known.gaps } : {}),
    ...(known?.gaps?.length && known.expiresAt ? { heldUntil: known.expiresAt } : {}),
  });
  return {
    ...(walk.changed ? { rows: walk.rows } : {}),
    validator: { etags: walk.etag ? [walk.etag] : [], gaps: walk.gaps },
    staleAt: walk.expiresAt,
    cost: walk.cost,
    ...(walk.failure ? { failure: walk.failure } : {}),
  };
}

/** How a cursor route's answer is read. */
export interface FeedShape {
  /** The field that holds the records; each of them has an `id`. */
  field: string;
  /** The column that holds that id. */
  idColumn: string;
  toRow: (record: never) => Row;
}

/** A token that ESI no longer takes: everything is then read anew. */
const isForgotten = (error: unknown): boolean =>
  error instanceof Esi.EsiError && (error.kind === "bad_request" || error.kind === "not_found");

/**
 * The records of a cursor route that are newer than the validator's `after`, or all of them without one. A record that
 * has changed comes again. With a failure there are others beside those.
 */
export async function askFeed(
  operation: OperationId,
  target: Target,
  known: Validator | undefined,
  context: FetchContext,
  { field, toRow }: FeedShape,
): Promise<Answered & { isWhole: boolean }> {
  const walk = (after: string | undefined) =>
    Esi.cursor<OperationId, Row>(operation, {
      ...call(context, target),
      after,
      rowsOf: (data) => (data as Record<string, Row[]>)[field] ?? [],
      // A malformed record, even null, is handed on for the schema to set aside.
      keyOf: (row: Row | null) => row?.id as string | number,
    });
  let isWhole = known?.after === undefined;
  const feed = await walk(known?.after).catch((error: unknown) => {
    if (isWhole || !isForgotten(error)) throw error;
    isWhole = true;
    return walk(undefined);
  });
  return {
    isWhole: isWhole && !feed.failure,
    ...(isWhole || feed.rows.length > 0 ? { rows: eachRow(feed.rows, (record) => toRow(record as never)) } : {}),
    validator: { etags: [], ...(feed.after === undefined ? {} : { after: feed.after }) },
    staleAt: feed.expiresAt,
    cost: feed.cost,
    ...(feed.failure ? { failure: feed.failure } : {}),
  };
}
