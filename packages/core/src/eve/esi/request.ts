import * as Bucket from "./bucket.ts";
import { admit, type Passage } from "./circuit.ts";
import { coalesce } from "./coalesce.ts";
import { afterDowntime, inDowntime } from "./downtime.ts";
import { EsiError, kindOf } from "./error.ts";
import * as ErrorLimit from "./error-limit.ts";
import { dateOf, expiryOf, lastModifiedOf, retryAfterOf } from "./expiry.ts";
import { countOf } from "./header.ts";
import { type Call, type DataOf, type Input, type OperationId, routeOf } from "./operation.ts";
import { pause } from "./pause.ts";
import type { Route } from "./route.ts";
import { type Reply, send } from "./transport.ts";
import type { AnswerHeaders } from "./wire.ts";

interface Facts {
  etag?: string;
  lastModified?: number;
  /** When ESI has something new, on this machine's clock (ms). Never ask again before. */
  expiresAt: number;
  /** ESI's own clock when it answered. */
  date: number;
  pages?: number;
  /** Tokens that the answer has cost. */
  cost: number;
  rate?: { group: string; limit: number; remaining: number; used: number };
}

export type Answer<T> = (Facts & { status: 200 | 201; data: T }) | (Facts & { status: 304; data?: undefined });

const tries = 3;
/** No other try after this time: one may take most of what a worker has. */
const triesForMs = 15_000;
const firstBackoffMs = 250;
/** A longer Retry-After is the caller's to wait for: a worker must not sleep through its own time limit. */
const longestWaitMs = 10_000;
/** For a 429 that does not say: a guess on the safe side. */
const unknownRetryMs = 60_000;

/** Tokens held for a call until its cost is known: what a success costs. */
const expectedCost = 2;

function costOf(status: number): number {
  if (status === 429 || status === 420 || status >= 500) return 0;
  if (status >= 400) return 5;
  return status >= 300 ? 1 : 2;
}

/** `X-Ratelimit-*` as numbers; the limit reads "150/15m". Some answers carry none. */
function rateOf(headers: AnswerHeaders): Facts["rate"] {
  const limit = Number(/^(\d{1,9})(\/\d+[smh])?$/.exec(headers.get("x-ratelimit-limit") ?? "")?.[1] ?? 0);
  const remaining = countOf(headers, "x-ratelimit-remaining");
  if (limit === 0 || remaining === undefined || remaining > limit) return undefined;
  const used = countOf(headers, "x-ratelimit-used") ?? limit - remaining;
  return { group: headers.get("x-ratelimit-group") ?? "", limit, remaining, used };
}

/** A thousand rows a page: nobody has so many of anything. */
const mostPages = 10_000;

/** How many pages there are. Undefined where nothing is said of it; 0, too, says nothing. */
function pagesOf(call: Call, headers: AnswerHeaders): number | undefined {
  if (routeOf(call.operation).pagination !== "x-pages" || headers.get("x-pages") === null) return undefined;
  const pages = countOf(headers, "x-pages");
  if (pages !== undefined && pages <= mostPages) return pages || undefined;
  throw new EsiError("malformed", call.operation, "X-Pages is no number of pages");
}

function factsOf(call: Call, reply: Reply, route: Route, cost: number): Facts {
  const { headers, receivedAt } = reply;
  const etag = headers.get("etag");
  const lastModified = lastModifiedOf(headers);
  const pages = pagesOf(call, headers);
  const rate = rateOf(headers);
  return {
    expiresAt: expiryOf(headers, route, receivedAt),
    date: dateOf(headers) ?? receivedAt,
    cost,
    ...(etag ? { etag } : {}),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(pages === undefined ? {} : { pages }),
    ...(rate ? { rate } : {}),
  };
}

/** The error that a reply stands for; `resetAt` is when the error limit opens again, if the reply says that it is shut. */
function refusalOf(call: Call, group: string | undefined, reply: Reply, resetAt: number | undefined): EsiError {
  const { status, headers, receivedAt } = reply;
  const statedRetryAt = retryAfterOf(headers, receivedAt);
  const fail = (kind: EsiError["kind"], retryAt?: number, why = `answered ${status}`) =>
    new EsiError(kind, call.operation, why, {
      status,
      ...(retryAt === undefined ? {} : { retryAt }),
    });
  if (status === 429) {
    const retryAt = statedRetryAt ?? receivedAt + unknownRetryMs;
    if (group) Bucket.block(group, call, retryAt);
    return fail("rate_limited", retryAt);
  }
  if (status === 420) return fail("error_limited", resetAt);
  if (status === 204)
    return fail("malformed", statedRetryAt, "it says that there is no content, where the spec has some");
  if (headers.get("location") !== null && status < 400) {
    return fail("malformed", statedRetryAt, `it redirects (${status}) to where no call of ours may go`);
  }
  if (status < 400) return fail("malformed", statedRetryAt, `its status is ${status}`);
  if (status >= 502 && status <= 504 && inDowntime(receivedAt)) return fail("downtime", afterDowntime(receivedAt));
  return fail(kindOf(status), statedRetryAt);
}

function hold(call: Call, group: string): void {
  if (Bucket.take(group, call, expectedCost)) return;
  const retryAt = Bucket.takeableAt(group, call, expectedCost);
  throw new EsiError("rate_limited", call.operation, `the ${group} bucket is spent`, { retryAt });
}

/** One try: refused here if a limit says so, else sent, charged and classified. */
async function attempt(call: Call, signal: AbortSignal | undefined): Promise<Answer<unknown>> {
  const route = routeOf(call.operation);
  const group = route.rateGroup;
  ErrorLimit.check(call);
  if (group) hold(call, group);
  // Unless an answer says otherwise: ESI may have counted a call of which nothing was heard.
  let cost = expectedCost;
  let rate: Facts["rate"];
  try {
    const reply = await send(call, signal);
    cost = group ? costOf(reply.status) + reply.redirects : 0;
    rate = rateOf(reply.headers);
    const { status } = reply;
    const resetAt = await ErrorLimit.learn(call, status, reply.headers, reply.receivedAt);
    if (status === 304 && call.etag) return { ...factsOf(call, reply, route, cost), status };
    if (status !== 200 && status !== 201) throw refusalOf(call, group, reply, resetAt);
    return { ...factsOf(call, reply, route, cost), status, data: reply.data };
  } finally {
    if (group) Bucket.charge(group, call, { held: expectedCost, cost }, rate);
  }
}

const isTransient = (error: unknown): error is EsiError =>
  error instanceof EsiError && ["server", "timeout", "network", "malformed"].includes(error.kind);

/** Full jitter: many callers that failed together do not come back together. */
function waitBefore(error: EsiError, tried: number): number {
  const backoff = Math.random() * firstBackoffMs * 2 ** (tried - 1);
  return Math.max(backoff, (error.retryAt ?? 0) - Date.now());
}

async function persist(call: Call, signal: AbortSignal | undefined, most: number): Promise<Answer<unknown>> {
  const begun = performance.now();
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt(call, signal);
    } catch (error) {
      const isOver = tried >= most || performance.now() - begun > triesForMs;
      if (!isTransient(error) || isOver) throw error;
      const wait = waitBefore(error, tried);
      if (wait > longestWaitMs) throw error;
      await pause(wait, signal);
    }
  }
}

/** Tells the circuit what became of the call. Where the whole group pauses, its next probe is what to wait for. */
async function classify({ operation }: Call, passage: Passage, error: unknown): Promise<unknown> {
  if (isTransient(error)) {
    const retryAt = await passage.failed();
    if (retryAt === undefined) return error;
    const { kind, why, status } = error;
    return new EsiError(kind, operation, why, { ...(status === undefined ? {} : { status }), retryAt });
  }
  const isAnswered = error instanceof EsiError && error.status !== undefined && error.status < 500;
  // A refusal of everybody says nothing of how the group is.
  await (isAnswered && error.kind !== "error_limited" ? passage.succeeded() : passage.abandoned());
  return error;
}

async function perform(call: Call, signal: AbortSignal | undefined): Promise<Answer<unknown>> {
  const passage = await admit(call);
  let answer: Answer<unknown>;
  try {
    answer = await persist(call, signal, passage.probe ? 1 : tries);
  } catch (error) {
    throw await classify(call, passage, error);
  }
  await passage.succeeded();
  return answer;
}

/** What makes two calls the same. No credential is part of it: a character's answers are the same with any of its tokens. */
const keyOf = ({ operation, path, query, etag, characterId, interactive }: Call): string =>
  JSON.stringify([operation, path, query, etag, characterId, interactive]);

/**
 * One call to ESI with everything that protects both sides: local limits first, 3 tries for what may pass by itself,
 * identical calls in flight joined (those that read the answer in their own way are not). Every operation of the route table is a lookup, the POST ones too, so a call of which
 * no answer was heard can be sent again. Throws EsiError, or the signal's reason.
 */
export function call(input: Call): Promise<Answer<unknown>> {
  if (input.accessToken && input.characterId === undefined) {
    throw new TypeError("an access token goes with the id of its character");
  }
  if (routeOf(input.operation).method || input.read) return perform(input, input.signal);
  return coalesce(keyOf(input), input.signal, (signal) => perform(input, signal));
}

/** One call. With an `etag` the answer may be a 304 without data. Throws EsiError. */
export const request = <Id extends OperationId>(operation: Id, input: Input<Id>): Promise<Answer<DataOf<Id>>> =>
  call({ ...input, operation } as Call) as Promise<Answer<DataOf<Id>>>;
