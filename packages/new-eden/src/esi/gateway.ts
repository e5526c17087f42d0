import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { secondMs } from "../clock.ts";
import type { Fault, Faults } from "../fault/index.ts";
import type { Simulation } from "../simulation.ts";
import type { AccessTokens } from "../sso/access-tokens.ts";
import type { Grant } from "../sso/grants.ts";
import type { Stats } from "../stats.ts";
import { checkAccess, checkHeaders, checkQuery, readBody, readPath } from "./access.ts";
import { type Answer, getAnswer, httpDate, postAnswer, refusalAnswer, setKey } from "./answer.ts";
import type { Downtime } from "./downtime.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import { endpoints } from "./families.ts";
import type { Buckets, ErrorLimit } from "./limits.ts";
import type { Readings } from "./reading.ts";
import { type Route, routes } from "./route.ts";
import type { Snapshots } from "./snapshots.ts";
import { spoil } from "./spoil.ts";
import { Refusal } from "./views.ts";

export interface EsiParts {
  simulation: Simulation;
  accessTokens: AccessTokens;
  snapshots: Snapshots;
  buckets: Buckets;
  errorLimit: ErrorLimit;
  readings: Readings;
  faults: Faults;
  stats: Stats;
  downtime: Downtime;
}

type Env = { Bindings: HttpBindings };

interface Visit {
  c: Context<Env>;
  route: Route;
  endpoint: Endpoint;
  nowMs: number;
  caller: Grant | undefined;
  /** Whose error limit and, without a token, whose bucket is used. */
  source: string;
  faults: Fault[];
}

/** ESI: every route that an endpoint exists for, at its unprefixed path. */
export function esiRoutes(parts: EsiParts): Hono<Env> {
  const app = new Hono<Env>();
  const served = Object.entries(endpoints).map(([operationId, endpoint]) => {
    const route = routes().get(operationId);
    if (!route) throw new Error(`The spec has no operation ${operationId}.`);
    return { route, endpoint };
  });
  // "/corporations/npccorps" before "/corporations/{corporation_id}": the first that matches answers.
  const parameters = ({ route }: { route: Route }) => route.path.split("{").length;
  for (const { route, endpoint } of served.sort((one, other) => parameters(one) - parameters(other))) {
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ":$1"), (c) =>
      serve(parts, c, route, endpoint),
    );
  }
  return app;
}

const isId = (value: unknown): value is number => typeof value === "number";

/** What a request asks for by id, as far as that can be read. */
async function idsOf(c: Context<Env>, route: Route): Promise<number[]> {
  const path = Object.values(c.req.param() as Record<string, string>).map(Number);
  if (route.method !== "post") return path;
  try {
    return [...path, ...[JSON.parse(await c.req.text())].flat().filter(isId)];
  } catch {
    return path;
  }
}

async function serve(parts: EsiParts, c: Context<Env>, route: Route, endpoint: Endpoint) {
  const nowMs = parts.simulation.clock.now();
  const authorization = c.req.header("authorization");
  const caller = authorization && (await parts.accessTokens.verify(authorization.replace(/^Bearer /i, ""), nowMs));
  const { page, before, after, from_id: fromId } = c.req.query();
  const visit: Visit = {
    c,
    route,
    endpoint,
    nowMs,
    caller: caller || undefined,
    source: c.env.incoming.socket.remoteAddress ?? "",
    faults: parts.faults.strike({
      operationId: route.operationId,
      path: c.req.path,
      corporationId: Number(c.req.param("corporation_id")) || undefined,
      characterId: caller ? caller.characterId : undefined,
      ids: await idsOf(c, route),
      page: Number(page ?? 1),
      isConditional: c.req.header("if-none-match") !== undefined,
      isCursor: (before ?? after ?? fromId) !== undefined,
    }),
  };
  const answer = await compose(parts, visit);
  return deliver(parts, visit, answer);
}

/** Limits first, then whatever goes wrong on purpose, then the request itself. */
async function compose(parts: EsiParts, visit: Visit): Promise<Answer> {
  const { route, nowMs, source, faults, c } = visit;
  if (parts.errorLimit.isExhausted(source, nowMs)) {
    return refusalAnswer(420, "Error limited", parts.errorLimit.headers(source, nowMs));
  }
  const wait = route.group && parts.buckets.retryAfter(route.group, bucketOwner(visit), nowMs);
  if (wait !== undefined) return refusalAnswer(429, "Too many requests", { "Retry-After": String(wait) });
  const injected = injectedRefusal(faults);
  if (injected) return injected;
  if (parts.downtime.isOn(nowMs)) return refusalAnswer(503, "The datasource tranquility is temporarily unavailable");
  try {
    checkHeaders(c.req.header("x-compatibility-date"), c.req.header("user-agent"));
    if (c.req.header("authorization") && !visit.caller) throw new Refusal(401, "Token is not valid");
    return await act(parts, visit);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(error.status, error.message);
    throw error;
  }
}

async function act(parts: EsiParts, { c, route, endpoint, nowMs, caller, faults }: Visit): Promise<Answer> {
  const path = readPath(route, c.req.param() as Record<string, string>);
  const call: Call = { world: parts.simulation.world, nowMs, ...path, query: c.req.query(), body: undefined, caller };
  checkQuery(route, call.query);
  checkAccess(route, call);
  if (route.method === "post") {
    return postAnswer(route, endpoint, { ...call, body: readBody(route, await c.req.text()) });
  }
  return getAnswer(route, endpoint, call, parts.snapshots, { ifNoneMatch: c.req.header("if-none-match"), faults });
}

function injectedRefusal(faults: readonly Fault[]): Answer | undefined {
  for (const { kind, status, headers, retryAfterSeconds } of faults) {
    if (kind === "status") return refusalAnswer(status, "Injected by the control API");
    if (kind === "rate_limited") {
      return refusalAnswer(429, "Too many requests", headers ? { "Retry-After": String(retryAfterSeconds) } : {});
    }
    if (kind === "error_limited") {
      const limits = { "X-ESI-Error-Limit-Remain": "0", "X-ESI-Error-Limit-Reset": String(retryAfterSeconds) };
      return refusalAnswer(420, "Error limited", limits);
    }
  }
  return undefined;
}

const bucketOwner = ({ caller, source }: Visit) => (caller ? `${caller.clientId}:${caller.characterId}` : source);

function setOf({ c, route }: Visit): string {
  return setKey(route, { ...readPath(route, c.req.param() as Record<string, string>), query: c.req.query() });
}

/** Charges the answer, writes it (or breaks it on the way), and takes note of what the caller was told. */
async function deliver(parts: EsiParts, visit: Visit, answer: Answer) {
  const { route, nowMs, source, faults, c } = visit;
  const { status, served } = answer;
  const isBare = faults.some(({ kind, headers }) => kind === "rate_limited" && !headers);
  let limits: Record<string, string> = {};
  if (route.group) limits = parts.buckets.spend(route.group, bucketOwner(visit), nowMs, status);
  else {
    parts.errorLimit.count(source, nowMs, status);
    limits = parts.errorLimit.headers(source, nowMs);
  }
  const skew = faults.find(({ kind }) => kind === "clock_skew")?.skewSeconds ?? 0;
  const headers: Record<string, string> = {
    Date: httpDate(nowMs),
    "Content-Type": "application/json; charset=utf-8",
    "X-Request-ID": crypto.randomUUID(),
    ...(isBare ? {} : limits),
    ...answer.headers,
  };
  for (const name of ["Date", "Expires", "Last-Modified"]) {
    if (skew !== 0 && headers[name]) headers[name] = httpDate(Date.parse(headers[name]) + skew * secondMs);
  }
  const isInjected = injectedRefusal(faults) !== undefined;
  const outcome = await spoil(c.env, { status, headers, bytes: answer.bytes }, faults);
  parts.stats.count(route.operationId, outcome === "whole" ? status : outcome, isInjected);
  // A page that is not there any more says that the set has changed, as a torn one does.
  const isMissed = outcome !== "whole" || isInjected || (status === 404 && Number(c.req.query("page") ?? 1) > 1);
  if (isMissed && route.pagination !== "none") parts.readings.miss(bucketOwner(visit), setOf(visit));
  if (outcome === "whole" && served) {
    const isDoubtful = faults.some(({ kind }) => kind === "page_count" || kind === "duplicate_ids");
    parts.readings.note({ caller: bucketOwner(visit), ...served, nowMs, isDoubtful, isUnchanged: status === 304 });
  }
  return RESPONSE_ALREADY_SENT;
}
