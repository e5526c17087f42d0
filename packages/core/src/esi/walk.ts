import { EsiError } from "./error.ts";
import type { Call } from "./operation.ts";
import { type Answer, call } from "./request.ts";

/** Far more than ESI keeps: a walk that gets here runs in circles. */
const longestWalk = 1000;

const lost = (base: Call): EsiError =>
  new EsiError("torn", base.operation, "the walk does not end", { retryAt: Date.now() + 60_000 });

export interface History<Row> {
  changed: boolean;
  /** New rows, newest first. */
  rows: Row[];
  etag: string | undefined;
  lastModified: number | undefined;
  expiresAt: number;
  cost: number;
}

export interface HistoryOptions<Row> {
  /** The field that `from_id` refers to. */
  idField: keyof Row & string;
  /** Whether a row is known already: the walk ends there. */
  until: (row: Row) => boolean;
  /** Of the newest answer seen before. */
  etag?: string | undefined;
}

/**
 * Walks back through an operation with `from_id`, newest first, until a row is known or ESI has no more. The record that
 * `from_id` names is part of the answer: an answer with nothing but that is the end.
 */
export async function walkHistory<Row>(base: Call, options: HistoryOptions<Row>): Promise<History<Row>> {
  const first = await call({ ...base, etag: options.etag });
  const { expiresAt, etag, lastModified } = first;
  // A row may be malformed, even null: it is handed on, for the schema to set aside, and ends or names no step.
  const idOf = (row: Row | null) => row?.[options.idField] as number;
  const isKnown = (row: Row | null) => row !== null && options.until(row);
  const rows = new Map<number, Row>();
  let answer = first as Answer<Row[]>;
  let cost = 0;
  for (let steps = 1; ; steps += 1) {
    cost += answer.cost;
    const found = answer.data ?? [];
    const fresh = found.filter((row) => !isKnown(row) && !rows.has(idOf(row)));
    for (const row of fresh) rows.set(idOf(row), row);
    const ids = fresh.map(idOf).filter(Number.isFinite);
    if (ids.length === 0 || found.some(isKnown)) break;
    if (steps === longestWalk) throw lost(base);
    const oldest = Math.min(...ids);
    answer = (await call({ ...base, query: { ...base.query, from_id: oldest } })) as Answer<Row[]>;
  }
  const etagNow = etag ?? options.etag;
  const changed = first.status !== 304;
  return { changed, rows: [...rows.values()], etag: etagNow, lastModified, expiresAt, cost };
}

export interface Feed<Row> {
  /** The latest form of each record that was seen. */
  rows: Row[];
  /** Where the next walk begins. */
  after: string | undefined;
  expiresAt: number;
  cost: number;
}

export interface FeedOptions<Data, Row> {
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

/**
 * A collection behind opaque cursors. The first time it is walked back (`before`) to its end, and the first answer's
 * `after` is kept; later only what came `after` is read. A changed record appears again at the new end: newer wins.
 */
export async function walkFeed<Data, Row>(base: Call, options: FeedOptions<Data, Row>): Promise<Feed<Row>> {
  const direction = options.after === undefined ? "before" : "after";
  const rows = new Map<string | number, Row>();
  const seen = new Set<string>();
  let { after } = options;
  let token = options.after;
  let expiresAt = 0;
  let cost = 0;
  for (;;) {
    const query = { limit: stepLimit, ...base.query, ...(token === undefined ? {} : { [direction]: token }) };
    const answer = (await call({ ...base, query })) as Answer<Data & Cursor>;
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
