import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { comesFromNoPage } from "./loopback.ts";
import { ServiceError } from "./service-error.ts";

/** Answers one operation; `signal` aborts when the caller goes away. */
export type Operation = (input: unknown, signal: AbortSignal) => unknown;

export interface JsonService {
  port: number;
  /** What comes before the dot in `X-Amz-Target`, and names error shapes. */
  target: string;
  errorNamespace: string;
  contentType: "application/x-amz-json-1.0" | "application/x-amz-json-1.1";
  operations: Record<string, Operation>;
}

/** Ten messages of 1 MiB whose every character is escaped as six: more is no request of ours. */
const maxBodyBytes = 64 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes)
      throw new ServiceError("RequestEntityTooLarge", "The request is too large.", { status: 413 });
    chunks.push(chunk);
  }
  if (size === 0) return {};
  const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError("SerializationException", "The request body is no JSON.");
  }
}

async function dispatch(service: JsonService, request: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  if (!comesFromNoPage(request.headers)) {
    throw new ServiceError("AccessDeniedException", "Pages and foreign names are not answered.", { status: 403 });
  }
  const target = String(request.headers["x-amz-target"] ?? "");
  const dot = target.lastIndexOf(".");
  const name = target.slice(dot + 1);
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (request.method !== "POST" || target.slice(0, dot) !== service.target || !operation) {
    throw new ServiceError("UnknownOperationException", `This server does not know the operation "${target}".`);
  }
  return (await operation(await readBody(request), signal)) ?? {};
}

const fault = (error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  console.error(error);
  return new ServiceError("InternalFailure", error instanceof Error ? error.message : String(error), { status: 500 });
};

/** https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html; the query header is SQS's bridge to its older codes. */
function refuse(
  service: JsonService,
  response: ServerResponse,
  { type, message, status, queryCode }: ServiceError,
): void {
  response.writeHead(status, {
    "content-type": service.contentType,
    "x-amzn-requestid": randomUUID(),
    "x-amzn-query-error": `${queryCode ?? type};${status < 500 ? "Sender" : "Receiver"}`,
  });
  response.end(JSON.stringify({ __type: `${service.errorNamespace}#${type}`, message }));
}

async function answer(service: JsonService, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const body = JSON.stringify(await dispatch(service, request, gone.signal));
    response.writeHead(200, { "content-type": service.contentType, "x-amzn-requestid": randomUUID() });
    response.end(body);
  } catch (error) {
    if (gone.signal.aborted) return;
    refuse(service, response, fault(error));
  }
}

/** Serves one AWS service's JSON protocol on loopback. Signatures are not checked: every process of this machine may call, no page. */
export async function serveJson(service: JsonService): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => void answer(service, request, response));
  // Longer than any client keeps an idle connection, or one is closed just as a request is put on it.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  server.listen(service.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
