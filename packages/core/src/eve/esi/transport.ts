import createClient from "openapi-fetch";
import { get, userAgent } from "../../platform/config/index.ts";
import { UnreadableError } from "./decode.ts";
import { EsiError } from "./error.ts";
import { heldUntil } from "./expiry.ts";
import { compatibilityDate } from "./generated/routes.ts";
import { type Call, type OperationId, routeOf } from "./operation.ts";
import { removeNulls, whyMalformed } from "./shape.ts";
import { type AnswerHeaders, exchangeFollowing, WireError, WireRequest } from "./wire.ts";

/** One try, to the end of its body. Long lists of large corporations take half a minute; ESI's gateway gives up at 60 s. */
const defaultTimeoutMs = 45_000;
/** What is over sooner, or of no use later. */
const ownTimeoutMs: Partial<Record<OperationId, number>> = {
  // The scheduler's round waits for it, once a minute.
  GetStatus: 10_000,
};

export interface Reply {
  status: number;
  headers: AnswerHeaders;
  /** What was made of the body of a 2xx answer. */
  data: unknown;
  receivedAt: number;
  /** How many redirects led to it. */
  redirects: number;
}

type Untyped = Record<string, Record<"get" | "post" | "put" | "delete", Record<never, never>>>;

function connect(baseUrl: string) {
  return createClient<Untyped>({
    baseUrl,
    fetch: exchangeFollowing as unknown as (request: Request) => Promise<Response>,
    Request: WireRequest as unknown as typeof Request,
    headers: {
      Accept: "application/json",
      "User-Agent": userAgent(),
      "X-Compatibility-Date": compatibilityDate,
      "X-Tenant": "tranquility",
    },
  });
}

let cached: { baseUrl: string; client: ReturnType<typeof connect> } | undefined;

function client() {
  const baseUrl = get().ESI_BASE_URL;
  if (cached?.baseUrl !== baseUrl) cached = { baseUrl, client: connect(baseUrl) };
  return cached.client;
}

function optionsOf(call: Call, signal: AbortSignal) {
  return {
    params: { path: call.path, query: call.query },
    headers: {
      ...(call.accessToken ? { Authorization: `Bearer ${call.accessToken}` } : {}),
      ...(call.etag ? { "If-None-Match": call.etag } : {}),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
    parseAs: "stream" as const,
    signal,
  };
}

/** Any other 2xx has no body, or one that is no answer: what is to be made of it is the caller's to say. */
const isData = (status: number): boolean => status === 200 || status === 201;

interface Received {
  headers: AnswerHeaders;
  receivedAt: number;
}

const nothing = Buffer.alloc(0);
const byteOrderMark = "\ufeff";

/** The text of a body. JSON is UTF-8, whatever a proxy declares, unless that says UTF-16 or Latin-1 and the like. */
function textOf(body: Buffer, contentType: string | null): string {
  const [, charset = "utf-8"] = /charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? "") ?? [];
  if (/^(utf-?8|us-ascii)$/i.test(charset)) return body.toString();
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return body.toString();
  }
}

/**
 * What the body of an answer says, held against what the spec says of the route: nobody further on sees anything else. A
 * whole answer of another shape is what ESI's cache holds: it is asked for again when that expires.
 */
function readJson(operation: OperationId, body: Buffer, { headers, receivedAt }: Received): unknown {
  const { answer } = routeOf(operation);
  const malformed = (why: string, retryAt?: number) =>
    new EsiError("malformed", operation, why, retryAt === undefined ? {} : { retryAt });
  if (body.length === 0) throw malformed("its body is empty");
  const text = textOf(body, headers.get("content-type"));
  let data: unknown;
  try {
    data = JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text);
  } catch {
    throw malformed("it is not JSON");
  }
  if (text.includes("null")) removeNulls(data, answer);
  const why = whyMalformed(data, answer);
  if (why !== undefined) throw malformed(why, heldUntil(headers, receivedAt));
  return data;
}

/** openapi-fetch hands the body on unread: the bytes of the answer, undefined if there are none. */
function parse({ operation, read }: Call, data: unknown, received: Received): unknown {
  const body = (data as Buffer | undefined) ?? nothing;
  const whole = () => readJson(operation, body, received);
  return read ? read(body, whole) : whole();
}

/**
 * Sends a call once. Any status is a reply; throws an EsiError of kind `timeout`, `network` (no or a torn connection) or
 * `malformed` (a body that is no answer to this route), or the signal's own reason when the caller aborts.
 */
export async function send(call: Call, signal: AbortSignal | undefined): Promise<Reply> {
  signal?.throwIfAborted();
  const { method = "GET", path } = routeOf(call.operation);
  const attempt = new AbortController();
  const timer = setTimeout(() => attempt.abort(), call.timeoutMs ?? ownTimeoutMs[call.operation] ?? defaultTimeoutMs);
  const follow = () => attempt.abort();
  signal?.addEventListener("abort", follow, { once: true });
  try {
    const { response, data } = await client().request(
      method.toLowerCase() as "get",
      path,
      optionsOf(call, attempt.signal) as never,
    );
    const { status, headers } = response;
    const receivedAt = Date.now();
    const { redirects } = response as unknown as { redirects: number };
    return {
      status,
      headers,
      receivedAt,
      redirects,
      data: isData(status) ? parse(call, data, { headers, receivedAt }) : undefined,
    };
  } catch (error) {
    if (error instanceof UnreadableError) throw new EsiError("malformed", call.operation, error.message);
    if (!(error instanceof WireError)) throw error;
    if (signal?.aborted) throw signal.reason;
    if (attempt.signal.aborted) throw new EsiError("timeout", call.operation, "no answer in time");
    throw new EsiError("network", call.operation, `the connection failed (${error.message})`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", follow);
  }
}
