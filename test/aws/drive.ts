import { createRequire } from "node:module";
import { Datasets } from "../../packages/core/src/owners/corporation/index.ts";
import { difference, type Subject } from "../../packages/core/test/truth.ts";
import { Browser } from "../../packages/functions/test/browser.ts";
import { until } from "./until.ts";

/** The emulator calls an answer without a body JSON; API Gateway gives it no type. */
async function withoutTypeOfNothing(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  if (body.byteLength > 0) return new Response(body, response);
  const headers = new Headers(response.headers);
  headers.delete("content-type");
  return new Response(null, { status: response.status, headers });
}

/** A browser at the stage's own address: its requests pass CloudFront. */
export const browserAt = (address: string): Browser =>
  new Browser(async (path, init) =>
    withoutTypeOfNothing(await fetch(`${address}${path}`, { ...init, redirect: "manual" })),
  );

/** The functions know another address of theirs, and would lead there first. */
const here = "moved=true";

interface Freshness {
  dataset: string;
  status: string;
  updatedAt?: string;
  lastError?: { code: string };
}

export const boardOf = async (director: Browser, corporationId: number): Promise<Freshness[]> => {
  const { status, body } = await director.get(`/corporations/${corporationId}/freshness`);
  if (status !== 200) throw new Error(`the board: ${status} ${JSON.stringify(body)}`);
  return body.data;
};

/** Logs in and adds the corporation, as a director does on the page. */
export async function addCorporation(director: Browser, subject: Subject): Promise<void> {
  await director.logIn(subject.characterId, `?${here}`);
  const page = await director.logIn(subject.characterId, `?purpose=corporation&${here}`);
  const { status, body } = await director.get(`/corporations/${subject.corporationId}`);
  if (status !== 200)
    throw new Error(`after the login the corporation answers ${status} ${JSON.stringify(body)}, ${page}`);
}

/** Waits for the first import: every dataset has been read, none failed. */
export async function untilImported(director: Browser, corporationId: number, seconds: number): Promise<number> {
  let last: Freshness[] = [];
  const open = () => last.filter(({ status }) => status !== "fresh");
  try {
    return await until(seconds, "the first import", async () => {
      last = await boardOf(director, corporationId);
      return open().length === 0 ? last.length : undefined;
    });
  } catch (error) {
    const left = open().map(({ dataset, status, lastError }) => `${dataset} ${status} ${lastError?.code ?? ""}`);
    throw new Error(`${error instanceof Error ? error.message : error}; ${left.length} open: ${left.join(", ")}`);
  }
}

/** Names of the datasets whose stored rows are not, row by row, what New Eden has. */
export async function differing(subject: Subject): Promise<{ compared: number; rows: string[] }> {
  const rows: string[] = [];
  for (const { name } of Datasets.datasets) {
    const { missing, extra, doubled } = await difference(name, subject);
    if (missing.length + extra.length + doubled > 0) {
      rows.push(`${name}: ${missing.length} missing, ${extra.length} extra, ${doubled} twice`);
    }
  }
  return { compared: Datasets.datasets.length, rows };
}

interface Socket {
  on(event: "message", listener: (data: Buffer) => void): void;
  once(event: "open" | "close", listener: () => void): void;
  once(event: "error", listener: (error: Error) => void): void;
  send(text: string): void;
  close(): void;
}

const { WebSocket } = createRequire(new URL("../../packages/local/package.json", import.meta.url))("ws") as {
  WebSocket: new (url: string, options: { headers: Record<string, string> }) => Socket;
};

/** Listens to a corporation, has `act` make news of it, and waits until they come. */
export async function hearNews(director: Browser, corporationId: number, act: () => Promise<void>): Promise<string> {
  const { body } = await director.post("/socket/ticket");
  // As a header of our own: the emulator does not send the handler's choice of a subprotocol back, and the client would
  // insist on one that it has offered itself.
  const offered = `tapi.v1, ticket.${body.data.ticket}`;
  const socket = new WebSocket(body.data.url, { headers: { "sec-websocket-protocol": offered } });
  const heard: string[] = [];
  socket.on("message", (data) => heard.push(data.toString()));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  try {
    socket.send(JSON.stringify({ action: "subscribe", topics: [`corporation:${corporationId}`] }));
    await until(30, "the answer to a subscription", async () => heard[0]);
    const before = heard.length;
    await act();
    return await until(120, "news on the socket", async () => heard[before]);
  } finally {
    socket.close();
  }
}
