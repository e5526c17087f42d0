import { secondMs } from "../clock.ts";
import { emptied, withBadRow, withDuplicate, withNulls } from "../fault/deform.ts";
import type { Fault } from "../fault/index.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { optionalFields, type Route } from "./route.ts";
import { type Body, type Snapshot, type Snapshots, toBody } from "./snapshots.ts";
import { bodyOf, Refusal, type View, viewOf } from "./views.ts";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
  /** For the count of early fetches: which part of which snapshot this is. */
  served?: { set: string; page: number | string; serial: number; expiresMs: number };
}

export const httpDate = (ms: number) => new Date(ms).toUTCString();

/** What makes one snapshot of a route: its path parameters and the filters; not the page, nor what only locates it. */
export function setKey(route: Route, { ids, text, query }: Pick<Call, "ids" | "text" | "query">): string {
  const { page: _page, from_id: _fromId, before: _before, after: _after, limit: _limit, ...filters } = query;
  const isFilter = (name: string) => route.parameters.some((known) => known.name === name && !known.required);
  const known = Object.entries(filters).filter(([name]) => isFilter(name));
  return `${route.operationId} ${JSON.stringify([ids, text, known.sort()])}`;
}

function cacheHeaders({ freshness }: Route, { expiresMs }: Snapshot, nowMs: number): Record<string, string> {
  if (expiresMs === undefined) return { "Cache-Control": "no-cache" };
  // Daily routes say a moment, not a duration.
  const maxAge = `, max-age=${Math.ceil((expiresMs - nowMs) / secondMs)}`;
  return {
    "Cache-Control": `public${freshness.mode === "daily" ? "" : maxAge}`,
    Expires: httpDate(expiresMs),
  };
}

function deform(route: Route, body: Body, view: View, snapshot: Snapshot, faults: readonly Fault[]): Body {
  const has = (kind: Fault["kind"]) => faults.some((fault) => fault.kind === kind);
  if (!has("empty") && !has("bad_row") && !has("duplicate_ids") && !has("null_fields")) return body;
  let value = view.make();
  if (has("null_fields")) value = withNulls(value, optionalFields(route));
  if (has("bad_row")) value = withBadRow(value);
  if (has("duplicate_ids")) value = withDuplicate(value, Array.isArray(snapshot.value) ? snapshot.value[0] : undefined);
  if (has("empty")) value = emptied(value);
  return toBody(value);
}

/** The answer to a GET: a view of the snapshot that holds now, or a 304. */
export function getAnswer(
  route: Route,
  endpoint: Endpoint,
  call: Call,
  snapshots: Snapshots,
  conditions: { ifNoneMatch: string | undefined; faults: readonly Fault[] },
): Answer {
  const { faults } = conditions;
  const has = (kind: Fault["kind"]) => faults.some((fault) => fault.kind === kind);
  const set = setKey(route, call);
  const query = has("cursor_loop") ? looped(call.query) : call.query;
  if (endpoint.kind === "whole") endpoint.guard?.(call);
  let snapshot = snapshots.get(set, route.freshness, call.nowMs, () => endpoint.make(call));
  if (!snapshot) throw new Refusal(404, "Not found");
  if (has("page_shift") && Array.isArray(snapshot.value)) snapshot = snapshots.shift(set, snapshot);
  const view = viewOf(endpoint, snapshot.value, query);
  const body = deform(route, bodyOf(snapshot, view), view, snapshot, faults);
  const pages = has("empty") ? 1 : view.pages && view.pages + (has("page_count") ? 1 : 0);
  const isSame = !has("partial_304") && matches(conditions.ifNoneMatch, body.etag);
  return {
    status: isSame ? 304 : 200,
    headers: {
      ...cacheHeaders(route, snapshot, call.nowMs),
      ETag: body.etag,
      "Last-Modified": httpDate(snapshot.takenMs),
      ...(view.pages === undefined ? {} : { "X-Pages": String(pages) }),
    },
    bytes: isSame ? Buffer.alloc(0) : body.bytes,
    ...(snapshot.expiresMs === undefined
      ? {}
      : {
          served: {
            set,
            page: endpoint.kind === "pages" ? view.page : view.key,
            serial: snapshot.serial,
            expiresMs: snapshot.expiresMs,
          },
        }),
  };
}

/** POST routes look things up: computed each time, never 304. */
export function postAnswer({ freshness }: Route, endpoint: Endpoint, call: Call): Answer {
  const value = endpoint.make(call);
  if (value === undefined) throw new Refusal(404, "Not found");
  const { bytes, etag } = toBody(value);
  const ttlMs = freshness.mode === "event" ? freshness.ttlMs : undefined;
  const cache: Record<string, string> =
    ttlMs === undefined
      ? {}
      : { "Cache-Control": `public, max-age=${ttlMs / secondMs}`, Expires: httpDate(call.nowMs + ttlMs) };
  return { status: 200, headers: { ...cache, ETag: etag, "Last-Modified": httpDate(call.nowMs) }, bytes };
}

export function refusalAnswer(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, bytes: Buffer.from(JSON.stringify({ error: message, status })) };
}

/** The place that a cursor names is forgotten: every page is the first one again. */
function looped(query: Record<string, string>): Record<string, string> {
  const { before: _before, after: _after, from_id: _fromId, ...rest } = query;
  return rest;
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (!ifNoneMatch) return false;
  return ifNoneMatch.split(",").some((tag) => {
    const bare = tag.trim().replace(/^W\//, "");
    return bare === "*" || bare === etag || `"${bare}"` === etag;
  });
}
