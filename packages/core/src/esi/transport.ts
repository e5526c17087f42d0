import createClient from "openapi-fetch";
import { version } from "../../package.json";
import { get } from "../config/index.ts";
import { EsiError } from "./error.ts";
import { compatibilityDate } from "./generated/routes.ts";
import type { Call } from "./operation.ts";
import { routeOf } from "./operation.ts";
import { type AnswerHeaders, exchange, WireError, WireRequest } from "./wire.ts";

const defaultTimeoutMs = 20_000;

export interface Reply {
  status: number;
  headers: AnswerHeaders;
  /** What was made of the body of a 2xx answer. */
  data: unknown;
  receivedAt: number;
}

type Untyped = Record<string, Record<"get" | "post" | "put" | "delete", Record<never, never>>>;

/** Header values are bytes: a contact in another script must not make every call fail. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");

function connect(baseUrl: string) {
  const { CONTACT, PUBLIC_URL } = get();
  return createClient<Untyped>({
    baseUrl,
    fetch: exchange as unknown as (request: Request) => Promise<Response>,
    Request: WireRequest as unknown as typeof Request,
    headers: {
      Accept: "application/json",
      "User-Agent": ascii(`TAPI/${version} (${CONTACT}; +${PUBLIC_URL})`),
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

const readJson = (body: Buffer): unknown => JSON.parse(body.toString());

const nothing = Buffer.alloc(0);

/** openapi-fetch hands the body on unread: the bytes of the answer, undefined if there are none. */
const parse = ({ operation, read = readJson }: Call, body: unknown): unknown => {
  try {
    return read((body as Buffer | undefined) ?? nothing);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new EsiError("malformed", operation, "the answer is not JSON");
  }
};

/**
 * Sends a call once. Any status is a reply; throws an EsiError of kind `timeout`, `network` (no or a torn connection) or
 * `malformed` (a body that is not JSON), or the signal's own reason when the caller aborts.
 */
export async function send(call: Call, signal: AbortSignal | undefined): Promise<Reply> {
  signal?.throwIfAborted();
  const { method = "GET", path } = routeOf(call.operation);
  const attempt = new AbortController();
  const timer = setTimeout(() => attempt.abort(), call.timeoutMs ?? defaultTimeoutMs);
  const follow = () => attempt.abort();
  signal?.addEventListener("abort", follow, { once: true });
  try {
    const { response, data } = await client().request(
      method.toLowerCase() as "get",
      path,
      optionsOf(call, attempt.signal) as never,
    );
    const { status, headers, ok } = response;
    const receivedAt = Date.now();
    return { status, headers, receivedAt, data: ok ? parse(call, data) : undefined };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (signal?.aborted) throw signal.reason;
    if (attempt.signal.aborted) throw new EsiError("timeout", call.operation, "no answer in time");
    throw new EsiError("network", call.operation, `the connection failed (${error.message})`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", follow);
  }
}
