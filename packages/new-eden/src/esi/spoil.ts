import type { HttpBindings } from "@hono/node-server";
import { encoded, withField, wrongBody } from "../fault/deform.ts";
import type { Fault } from "../fault/index.ts";

interface Message {
  status: number;
  headers: Record<string, string>;
  bytes: Buffer;
}

type Outcome = "whole" | "replaced" | "timeout" | "reset" | "truncated" | "malformed" | "gone";

/** The message with another body, in another encoding, under other headers, or somewhere else. */
function replaced(
  message: Message,
  { url = "/", headers: { host } }: HttpBindings["incoming"],
  faults: readonly Fault[],
) {
  let { status, bytes } = message;
  const headers = { ...message.headers };
  for (const { kind, body, encoding, location, redirectStatus, header, field } of faults) {
    if (kind === "wrong_body") {
      status = body === "no_content" ? 204 : 200;
      bytes = wrongBody(body, bytes);
    } else if (kind === "field") {
      bytes = withField(bytes, field);
    } else if (kind === "encoding" && bytes.length > 0) {
      const whole = encoded(encoding, bytes);
      bytes = whole.bytes;
      headers["Content-Encoding"] = whole.name;
    } else if (kind === "redirect") {
      status = redirectStatus;
      bytes = Buffer.alloc(0);
      const [path = "/"] = url.split("?");
      headers.Location = location.replaceAll("{self}", `http://${host}${url}`).replaceAll("{path}", path);
    } else if (kind === "header") {
      for (const name of Object.keys(headers))
        if (name.toLowerCase() === header.name.toLowerCase()) delete headers[name];
      if (header.value !== null) headers[header.name] = header.value;
    }
  }
  return { status, headers, bytes };
}

/** A caller who was given anything else may ask again at once. */
const isReplaced = ({ kind, encoding }: Fault): boolean =>
  kind === "wrong_body" ||
  kind === "redirect" ||
  kind === "header" ||
  kind === "field" ||
  (kind === "encoding" && encoding === "bomb");

const delay = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Writes a message to the socket, whole or broken as the faults want it; says what the caller got. */
export async function spoil(
  { incoming, outgoing }: HttpBindings,
  message: Message,
  faults: readonly Fault[],
): Promise<Outcome> {
  const has = (kind: Fault["kind"]) => faults.some((fault) => fault.kind === kind);
  const { status, headers, ...rest } = replaced(message, incoming, faults);
  let { bytes } = rest;
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
  outgoing.writeHead(status, {
    ...headers,
    ...(status === 304 || status === 204 ? {} : { "Content-Length": String(bytes.length) }),
  });
  if (has("truncated") && bytes.length > 1) {
    outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => outgoing.destroy());
    return "truncated";
  }
  outgoing.end(status === 304 || status === 204 ? undefined : bytes);
  if (isBroken) return "malformed";
  return faults.some(isReplaced) ? "replaced" : "whole";
}
