import type { HttpBindings } from "@hono/node-server";
import type { Fault } from "../fault/index.ts";

interface Message {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
}

type Outcome = "whole" | "timeout" | "reset" | "truncated" | "malformed" | "gone";

const delay = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Writes a message to the socket, whole or broken as the faults want it; says what the caller got. */
export async function spoil({ outgoing }: HttpBindings, message: Message, faults: readonly Fault[]): Promise<Outcome> {
  const has = (kind: Fault["kind"]) => faults.some((fault) => fault.kind === kind);
  const { status, headers } = message;
  let { bytes } = message;
  for (const { kind, latencyMs } of faults) if (kind === "latency") await delay(latencyMs);
  if (outgoing.destroyed) return "gone";
  // The socket stays open without a word until the caller gives up, or New Eden ends.
  if (has("timeout")) return "timeout";
  if (has("reset")) {
    outgoing.socket?.resetAndDestroy();
    return "reset";
  }
  const isBroken = has("malformed") && bytes.length > 1;
  if (isBroken) bytes = Buffer.concat([bytes.subarray(0, Math.floor(bytes.length * 0.7)), Buffer.from("<html>")]);
  outgoing.writeHead(status, { ...headers, ...(status === 304 ? {} : { "Content-Length": String(bytes.length) }) });
  if (has("truncated") && bytes.length > 1) {
    outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
    return "truncated";
  }
  outgoing.end(status === 304 ? undefined : bytes);
  return isBroken ? "malformed" : "whole";
}
