import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { startClockAt } from "@tapi/local/test";
import { afterEach, beforeEach, vi } from "vitest";
import * as Config from "../../platform/config/index.ts";
import * as Esi from "./index.ts";

/** What a test answers a request with; an ESI of a few lines for sequences that must be exact. */
export interface Scripted {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** JSON, unless it is a string or bytes: those are sent as they stand. */
  body?: unknown;
  /** `hang` never answers, `stall` stops in the midst of the body; `reset` and `truncate` tear the connection there. */
  fault?: "hang" | "stall" | "reset" | "truncate";
  gzip?: boolean;
}

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

function write(response: ServerResponse, answer: Scripted): void {
  if (answer.fault === "hang") return;
  if (answer.fault === "reset") {
    response.socket?.destroy();
    return;
  }
  const { status = 200 } = answer;
  const given = status === 304 ? "" : (answer.body ?? []);
  const isReady = typeof given === "string" || Buffer.isBuffer(given);
  const plain = Buffer.from(isReady ? given : JSON.stringify(given));
  const bytes = answer.gzip ? gzipSync(plain) : plain;
  const encoding = answer.gzip ? { "content-encoding": "gzip" } : {};
  response.writeHead(status, { "content-length": bytes.length, ...encoding, ...answer.headers });
  if (!answer.fault) {
    response.end(bytes);
    return;
  }
  const tear = answer.fault === "truncate";
  response.write(bytes.subarray(0, bytes.length / 2), () => tear && response.socket?.destroy());
}

export type Script = (request: Received, count: number) => Scripted | Promise<Scripted>;

/** Serves `script` on a free port; `received` holds every request in order. */
async function start(script: Script) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://esi");
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "GET", headers } = request;
    const entry = { method, path: url.pathname, query: url.searchParams, headers, body };
    received.push(entry);
    write(response, await script(entry, received.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, received, close };
}

/** While EVE is down the client takes gateway errors for that. */
const noDowntime = "2026-09-01T15:00:00Z";

/** For a test file: `serve(script)` makes a scripted ESI the one that the client talks to, until the end of the test. */
export function setUpScriptedEsi() {
  const running: (() => Promise<void>)[] = [];
  let leaveClock = () => {};

  beforeEach(() => {
    leaveClock = startClockAt(noDowntime);
    Esi.reset();
    // The shortest backoff that jitter can give.
    vi.spyOn(Math, "random").mockReturnValue(0);
  });

  afterEach(async () => {
    vi.useRealTimers();
    leaveClock();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    for (const close of running.splice(0)) await close();
  });

  return async function serve(script: Script) {
    const esi = await start(script);
    running.push(esi.close);
    vi.stubEnv("ESI_BASE_URL", esi.url);
    Config.reset();
    return esi;
  };
}

/** What a call was refused with. */
export const caught = (attempt: Promise<unknown>): Promise<Esi.EsiError> =>
  attempt.then(
    () => {
      throw new Error("it should have been refused");
    },
    (error: unknown) => error as Esi.EsiError,
  );
