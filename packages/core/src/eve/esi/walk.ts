import { EsiError, esiErrorOf } from "./error.ts";
import type { Call, Caller, DataOf, OperationId, RowOf, Target } from "./operation.ts";
import { type Answer, call } from "./request.ts";

/** Far more than ESI keeps: a walk that gets here runs in circles. */
const longestWalk = 1000;

const lost = (base: Call): EsiError =>
  new EsiError("torn", base.operation, "the walk does not end", { retryAt: Date.now() + 60_000 });

export interface History<Row> {
  changed: boolean;
  /** New rows; of one walk the newest first. */
  rows: Row[];
  etag: string | undefined;
  lastModified: number | undefined;
  expiresAt: number;
  cost: number;
  /** Ids of the oldest rows that were read where a walk was cut short: what is older is unknown, down to the next known row. */
  gaps: number[];
  /** Why there are gaps. */
  failure?: EsiError;
}

interface HistoryOptions<Row> {
  /** The field that `from_id` refers to. */
  idField: keyof Row & string;
  /** Whether a row is known already: the walk ends there. */
  until: (row: Row) => boolean;
  /** Of the newest answer seen before. */
  etag?: string | undefined;
  /** Of the last walk: they are filled as far as ESI lets them. */
  gaps?: readonly number[] | undefined;
  /** Until when (epoch ms) the newest answer holds: before that only gaps are filled. */
  heldUntil?: number | undefined;
}

interface Walking<Row> {
  base: Call;
  options: HistoryOptions<Row>;
  rows: Map<number, Row>;
  cost: number;
  gaps: number[];
  failure?: EsiError;
}

/** What one answer leads to: the id from which to go on, or undefined at the end of what is new. */
function take<Row>(walking: Walking<Row>, found: readonly Row[], fromId: number | undefined): number | undefined {
  const { rows, options } = walking;
  const idOf = (row: Row) => row[options.idField] as number;
  // The record that from_id names is part of the answer, and was known before.
  const isKnown = (row: Row) => options.until(row) && idOf(row) !== fromId;
  const fresh = found.filter((row) => !options.until(row) && !rows.has(idOf(row)));
  for (const row of fresh) rows.set(idOf(row), row);
  // A malformed row is handed on, for the schema to set aside: it names no step.
  const ids = fresh.map(idOf).filter(Number.isFinite);
  return ids.length === 0 || found.some(isKnown) ? undefined : Math.min(...ids);
}

/**
 * Reads on from a record to older ones, until a row is known or ESI has no more. What has been read counts, although
 * the rest fails: ESI may have dropped it by the next time. Only who is not let in at all is told so at once.
 */
async function walkFrom<Row>(walking: Walking<Row>, start: number | undefined): Promise<void> {
  const { base } = walking;
  let fromId = start;
  for (let steps = 1; fromId !== undefined; steps += 1) {
    try {
      if (steps === longestWalk) throw lost(base);
      const answer = (await call({ ...base, query: { ...base.query, from_id: fromId } })) as Answer<Row[]>;
      walking.cost += answer.cost;
      fromId = take(walking, answer.data ?? [], fromId);
    } catch (error) {
      const failure = esiErrorOf(error);
      if (failure.kind === "unauthorized") throw failure;
      walking.gaps.push(fromId as number);
      walking.failure = failure;
      return;
    }
  }
}

async function walkHistory<Row>(base: Call, options: HistoryOptions<Row>): Promise<History<Row>> {
  const { etag: known, heldUntil = 0, gaps = [] } = options;
  const walking: Walking<Row> = { base, options, rows: new Map(), cost: 0, gaps: [] };
  const isHeld = heldUntil > Date.now();
  const first = isHeld ? undefined : await call({ ...base, etag: known });
  if (first) {
    walking.cost += first.cost;
    await walkFrom(walking, take(walking, (first.data ?? []) as Row[], undefined));
  }
  for (const gap of gaps) {
    if (walking.failure) walking.gaps.push(gap);
    else await walkFrom(walking, gap);
  }
  return {
    changed: walking.rows.size > 0 || first?.status === 200,
    rows: [...walking.rows.values()],
    etag: first?.etag ?? known,
    lastModified: first?.lastModified,
    expiresAt: first?.expiresAt ?? heldUntil,
    cost: walking.cost,
    gaps: [...new Set(walking.gaps)],
    ...(walking.failure ? { failure: walking.failure } : {}),
  };
}

type HistoryInput<Id extends OperationId, Row> = Caller & Target<Id> & HistoryOptions<Row>;

/**
 * Walks back through an operation with `from_id`, newest first, until a row is known or ESI has no more; then through what
 * earlier walks have left out. Throws EsiError if there is no newest answer.
 */
export function fromId<Id extends OperationId>(
  operation: Id,
  input: HistoryInput<Id, RowOf<Id>>,
): Promise<History<RowOf<Id>>>;
export function fromId<Row>(operation: OperationId, input: HistoryInput<OperationId, Row>): Promise<History<Row>>;
export function fromId(operation: OperationId, input: HistoryInput<OperationId, never>): Promise<History<never>> {
  const { idField, until, etag, gaps, heldUntil, ...rest } = input;
  return walkHistory({ ...rest, operation }, { idField, until, etag, gaps, heldUntil });
}

export interface Feed<Row> {
  /** The latest form of each record that was seen. */
  rows: Row[];
  /** Where the next walk begins. */
  after: string | undefined;
  expiresAt: number;
  cost: number;
  /** Why the walk was cut short: there are records that it has not come to. */
  failure?: EsiError;
}

interface FeedOptions<Data, Row> {
  /** Of the last walk: only what is newer is read. */
  after?: string | undefined;
  rowsOf: (data: Data) => readonly Row[];
  keyOf: (row: Row) => string | number;
}

interface Cursor {
  cursor?: { before?: string; after?: string };
}

/** The most that the spec lets one step hold. */
const stepLimit = 100;

/** What a walk has read counts without the rest. Who is not let in, or whose token ESI no longer takes, is told so. */
const isBearable = (error: unknown): error is EsiError =>
  error instanceof EsiError && !["unauthorized", "forbidden", "not_found", "bad_request"].includes(error.kind);

async function walkFeed<Data, Row>(base: Call, options: FeedOptions<Data, Row>): Promise<Feed<Row>> {
  const direction = options.after === undefined ? "before" : "after";
  const rows = new Map<string | number, Row>();
  const seen = new Set<string>();
  let { after } = options;
  let token = options.after;
  let expiresAt = 0;
  let cost = 0;
  for (;;) {
    const query = { limit: stepLimit, ...base.query, ...(token === undefined ? {} : { [direction]: token }) };
    const answer = await (call({ ...base, query }) as Promise<Answer<Data & Cursor>>).catch((error: unknown) => {
      if (rows.size === 0 || !isBearable(error)) throw error;
      return error;
    });
    if (answer instanceof EsiError) {
      const reached = direction === "after" ? after : undefined;
      return { rows: [...rows.values()], after: reached, expiresAt, cost, failure: answer };
    }
    cost += answer.cost;
    expiresAt ||= answer.expiresAt;
    const found = answer.data ? options.rowsOf(answer.data) : [];
    for (const row of found) {
      const key = options.keyOf(row);
      if (direction === "after" || !rows.has(key)) rows.set(key, row);
    }
    const { cursor } = answer.data ?? {};
    token = cursor?.[direction];
    // An answer without records has walked past none, whatever its cursor says: the next walk begins where this one ended.
    if (found.length === 0) return { rows: [...rows.values()], after, expiresAt, cost };
    if (direction === "after") after = cursor?.after ?? after;
    else after ??= cursor?.after;
    if (token === undefined) return { rows: [...rows.values()], after, expiresAt, cost };
    if (seen.has(token) || seen.size === longestWalk) throw lost(base);
    seen.add(token);
  }
}

/**
 * A `cursor` operation: a collection behind opaque cursors. The first time it is walked back (`before`) to its end, and the first answer's
 * `after` is kept; later only what came `after` is read. A changed record appears again at the new end: newer wins. A walk
 * that is cut short goes on from where it was if it read what came `after`; walking back begins anew. Throws EsiError.
 */
export const cursor = <Id extends OperationId, Row>(
  operation: Id,
  { after, rowsOf, keyOf, ...input }: Caller & Target<Id> & FeedOptions<DataOf<Id>, Row>,
): Promise<Feed<Row>> => walkFeed({ ...input, operation } as Call, { after, rowsOf, keyOf });
