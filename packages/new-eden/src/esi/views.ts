import type { CursorRecord, Endpoint } from "./endpoint.ts";
import { type Body, type Snapshot, toBody } from "./snapshots.ts";

/** The part of a snapshot that one request sees. */
export interface View {
  /** Tells this part from others of its snapshot. */
  key: string;
  page: number;
  pages: number | undefined;
  make: () => unknown;
}

/** A refusal in the course of making an answer. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Query = Record<string, string>;

function wholeNumber(query: Query, name: string, fallback: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const text = query[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Refusal(400, `query parameter ${name} must be a whole number from ${min}`);
  }
  return value;
}

function pageView(rows: readonly unknown[], pageSize: number, query: Query): View {
  const pages = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = wholeNumber(query, "page", 1, 1);
  if (page > pages) throw new Refusal(404, "Requested page does not exist");
  return { key: String(page), page, pages, make: () => rows.slice((page - 1) * pageSize, page * pageSize) };
}

function walkView(rows: readonly object[], idField: string, pageSize: number, query: Query): View {
  const fromId = wholeNumber(query, "from_id", Number.MAX_SAFE_INTEGER, 0);
  const start = rows.findIndex((row) => ((row as Record<string, number>)[idField] as number) <= fromId);
  return {
    key: query.from_id ?? "",
    page: 1,
    pages: undefined,
    make: () => (start < 0 ? [] : rows.slice(start, start + pageSize)),
  };
}

const toCursor = ({ modifiedMs, id }: CursorRecord) => Buffer.from(`${modifiedMs}/${id}`).toString("base64url");

/** Where a cursor points: the records before it are older. "0" is the very beginning or end. */
function position(cursor: string, atZero: number, records: readonly CursorRecord[]): number {
  if (cursor === "0") return atZero;
  const [modified, id] = Buffer.from(cursor, "base64url").toString("utf8").split("/");
  const modifiedMs = Number(modified);
  if (!id || !Number.isFinite(modifiedMs)) throw new Refusal(400, "invalid cursor");
  const index = records.findIndex(
    (record) => record.modifiedMs > modifiedMs || (record.modifiedMs === modifiedMs && record.id >= id),
  );
  return index < 0 ? records.length : index;
}

/** A window on records in the order of change; without a cursor the newest ones. */
function cursorView(records: readonly CursorRecord[], listField: string, query: Query): View {
  const { before, after } = query;
  const limit = wholeNumber(query, "limit", 10, 10, 100);
  if (before !== undefined && after !== undefined) throw new Refusal(400, "before and after exclude each other");
  let start: number;
  let end: number;
  if (after === undefined) {
    end = before === undefined ? records.length : position(before, records.length, records);
    start = Math.max(0, end - limit);
  } else {
    const at = position(after, 0, records);
    // The record that the cursor names was seen already, unless it has changed since and moved on.
    const named = records[at];
    start = named && toCursor(named) === after ? at + 1 : at;
    end = Math.min(records.length, start + limit);
  }
  const make = () => {
    const window = records.slice(start, end);
    const [first, last] = [window[0], window.at(-1)];
    const cursor = first && last ? { before: toCursor(first), after: toCursor(last) } : after ? { after } : undefined;
    return { [listField]: window.map(({ row }) => row), ...(cursor ? { cursor } : {}) };
  };
  return { key: JSON.stringify([before, after, limit]), page: 1, pages: undefined, make };
}

export function viewOf(endpoint: Endpoint, value: unknown, query: Query): View {
  if (endpoint.kind === "pages") return pageView(value as unknown[], endpoint.pageSize, query);
  if (endpoint.kind === "walk") return walkView(value as object[], endpoint.idField, endpoint.pageSize, query);
  if (endpoint.kind === "cursor") return cursorView(value as CursorRecord[], endpoint.listField, query);
  return { key: "", page: 1, pages: undefined, make: () => value };
}

/** The serialised view, made once per snapshot. */
export function bodyOf(snapshot: Snapshot, view: View): Body {
  let body = snapshot.bodies.get(view.key);
  if (!body) {
    body = toBody(view.make());
    snapshot.bodies.set(view.key, body);
  }
  return body;
}
