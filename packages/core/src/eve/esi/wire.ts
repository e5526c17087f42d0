import { type IncomingMessage, Agent as PlainAgent, request as plain } from "node:http";
import { Agent as SecureAgent, request as secure } from "node:https";
import { decode, mostBytes, UnreadableError } from "./decode.ts";

/**
 * What openapi-fetch needs of `fetch`, over node:http. The global fetch spends as long on streams and Request objects as
 * JSON.parse does on the page: this takes a third less for a set of 100 pages, and leaves that time to the import.
 */
const connections = { keepAlive: true, keepAliveMsecs: 10_000, scheduling: "lifo" } as const;
const agents = { plain: new PlainAgent(connections), secure: new SecureAgent(connections) };

interface Init {
  method: string;
  headers: Headers;
  body?: string | undefined;
  signal: AbortSignal;
}

/** The request as openapi-fetch has put it together. */
export class WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly signal: AbortSignal;

  constructor(url: string, init: Init) {
    this.url = new URL(url);
    this.method = init.method;
    this.headers = init.headers;
    this.body = init.body;
    this.signal = init.signal;
  }
}

/** A connection that could not be made, or that ended before the answer did; the message is the system's code for why. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const codeOf = (error: unknown): string => (error as { code?: string } | undefined)?.code ?? "closed";

/** The whole body. Reading by events costs half of what a loop over the stream does. */
const bytesOf = (message: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    message.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= mostBytes) return;
      reject(new UnreadableError("its body is too large"));
      message.destroy();
    });
    message.once("error", reject);
    message.once("close", () => reject(new Error("the connection ended before the answer did")));
    message.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  });

const open = (request: WireRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { url, method, signal } = request;
    const headers = { ...Object.fromEntries(request.headers), "accept-encoding": "gzip" };
    const isPlain = url.protocol === "http:";
    const agent = isPlain ? agents.plain : agents.secure;
    const outgoing = (isPlain ? plain : secure)(url, { method, headers, agent, signal }, resolve);
    outgoing.on("error", reject);
    outgoing.end(request.body);
  });

/** An answer's headers, by name in any case. A Headers object would be made anew for each page, to be asked ten times. */
export interface AnswerHeaders {
  get: (name: string) => string | null;
}

const headersOf = ({ headers }: IncomingMessage): AnswerHeaders => ({
  get: (name) => headers[name.toLowerCase()]?.toString() ?? null,
});

interface AnswerOnWire {
  status: number;
  ok: boolean;
  headers: AnswerHeaders;
  /** Decoded if it answers what was asked; nobody reads what an error says. */
  body: Buffer;
  text: () => Promise<string>;
}

/** Sends a request; the whole answer as bytes in `body`. Redirects are answers. Throws WireError or UnreadableError. */
async function exchange(request: WireRequest): Promise<AnswerOnWire> {
  try {
    const message = await open(request);
    const status = message.statusCode ?? 0;
    const ok = status >= 200 && status < 300;
    const bytes = await bytesOf(message);
    const body = ok ? await decode(bytes, message.headers["content-encoding"]) : bytes;
    return { status, ok, headers: headersOf(message), body, text: async () => "" };
  } catch (cause) {
    if (cause instanceof UnreadableError) throw cause;
    throw new WireError(codeOf(cause), { cause });
  }
}

/** More is a loop, or somebody's trap. */
const mostRedirects = 2;

const redirecting: readonly number[] = [301, 302, 303, 307, 308];

const routeOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, "");

/**
 * Where a redirect of `from` leads, if that is the same question to the same server: same scheme, host, port and path, so that a
 * token never goes anywhere else and no other owner's answer comes back. What the question named in its query stays named.
 */
function targetOf({ url, method }: WireRequest, from: URL, location: string | null): URL | undefined {
  if (method !== "GET" || !location || !URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from.href);
  const isSame = target.origin === url.origin && routeOf(target) === routeOf(url);
  if (!isSame || target.username || target.password) return undefined;
  for (const name of new Set(url.searchParams.keys())) {
    target.searchParams.delete(name);
    for (const value of url.searchParams.getAll(name)) target.searchParams.append(name, value);
  }
  return target;
}

/** As `exchange`, but follows a redirect that stays at home; any other one is the answer. */
export async function exchangeFollowing(request: WireRequest): Promise<AnswerOnWire & { redirects: number }> {
  let current = request;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(current);
    const target =
      redirects < mostRedirects && redirecting.includes(answer.status)
        ? targetOf(request, current.url, answer.headers.get("location"))
        : undefined;
    if (!target) return { ...answer, redirects };
    const { method, headers, signal } = current;
    current = new WireRequest(target.href, { method, headers, signal });
  }
}
