import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { securityHeaders } from "@tapi/functions/site-headers";
import { InvocationError, type Invoke, type Topology } from "../runtime/topology.ts";
import { namesThisMachine } from "../wire/loopback.ts";
import { type ClientAddress, peerAddress } from "./client-address.ts";
import { type HttpAnswer, toHttpAnswer } from "./http-answer.ts";
import { toHttpEvent } from "./http-event.ts";
import type { Site } from "./site.ts";

/** The HTTP API's limit on a request, and Lambda's on the event made of it. */
const requestLimitBytes = 10 * 1024 * 1024;
const eventLimitBytes = 6 * 1024 * 1024;
/** The HTTP API's longest wait for its integration. */
const integrationTimeoutMs = 30_000;

export interface GatewayOptions {
  http: Topology["http"];
  invoke: Invoke;
  site: Site;
  integrationTimeoutMs?: number;
  clientAddress?: ClientAddress;
  /** The addresses that it is known by, besides this machine's own names. */
  origins?: readonly string[];
  /** Where browsers open their sockets. */
  socketUrl: string;
}

/** One origin as in the cloud: the API's paths go to the function (HTTP API, payload 2.0), all others to the site. */
export function createGateway(options: GatewayOptions): RequestListener {
  const isApi = pathMatcher(options.http.paths);
  const everywhere = securityHeaders(options.socketUrl);
  return (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    if (!namesThisMachine(request.headers.host, options.origins)) {
      request.resume();
      return send(response, request.method, message(403, "Forbidden"), everywhere);
    }
    const answering = isApi(path) ? callFunction(options, request) : serveSite(options.site, request, path);
    answering
      .catch(() => message(500, "Internal Server Error"))
      .then((answer) => send(response, request.method, answer, everywhere))
      .catch(() => response.destroy());
  };
}

function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith("/*")));
  const prefixes = patterns.filter((pattern) => pattern.endsWith("/*")).map((pattern) => pattern.slice(0, -1));
  return (path) => exact.has(path) || prefixes.some((prefix) => path.startsWith(prefix));
}

async function serveSite(site: Site, request: IncomingMessage, path: string): Promise<HttpAnswer> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { ...message(405, "Method Not Allowed"), headers: { allow: "GET, HEAD" } };
  }
  return site(decodeURIComponent(path), String(request.headers["accept-encoding"] ?? ""));
}

async function callFunction(options: GatewayOptions, request: IncomingMessage): Promise<HttpAnswer> {
  const requestId = randomUUID();
  const answer = await proxy(options, request, requestId);
  return { ...answer, headers: { ...answer.headers, "apigw-requestid": requestId } };
}

async function proxy(options: GatewayOptions, request: IncomingMessage, requestId: string): Promise<HttpAnswer> {
  const body = await readBody(request);
  if (!body) return message(413, "Request Entity Too Large");
  const event = toHttpEvent({
    method: request.method ?? "GET",
    target: request.url ?? "/",
    rawHeaders: request.rawHeaders,
    body,
    sourceIp: (options.clientAddress ?? peerAddress)(request),
    requestId,
    protocol: "http",
  });
  if ((event.body?.length ?? 0) > eventLimitBytes) return message(413, "Request Entity Too Large");
  try {
    const result = await within(
      options.integrationTimeoutMs ?? integrationTimeoutMs,
      options.invoke(options.http.function, event),
    );
    return toHttpAnswer(result) ?? message(500, "Internal Server Error");
  } catch (error) {
    if (error instanceof IntegrationTimeout) return message(503, "Service Unavailable");
    if (error instanceof InvocationError) return message(500, "Internal Server Error");
    throw error;
  }
}

class IntegrationTimeout extends Error {}

function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new IntegrationTimeout()), milliseconds);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** The whole body, or undefined when it is larger than the HTTP API takes. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > requestLimitBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= requestLimitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > requestLimitBytes ? undefined : Buffer.concat(chunks);
}

const message = (status: number, text: string): HttpAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ message: text })),
});

/** Node frames the body itself. */
const framing = new Set(["content-length", "transfer-encoding", "connection", "keep-alive", "date"]);

function send(
  response: ServerResponse,
  method: string | undefined,
  { status, headers, body }: HttpAnswer,
  everywhere: Record<string, string>,
): void {
  const own = Object.entries(headers).filter(([name]) => !framing.has(name));
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, {
    ...everywhere,
    ...Object.fromEntries(own),
    // Node would write the real time; the browser reckons ages against this header, so it must be the simulated one.
    date: new Date().toUTCString(),
    ...(bodiless ? {} : { "content-length": body.length }),
  });
  response.end(method === "HEAD" || bodiless ? undefined : body);
}
