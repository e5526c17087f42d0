import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { serverNow } from "./clock.ts";
import { ApiError, unwrap } from "./envelope.ts";

let server: Server;

afterEach(() => server.close());

/** A server with one answer. */
async function answering(
  status: number,
  body: string | undefined,
  headers: Record<string, string> = {},
): Promise<string> {
  server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a success gives its data and what is said about the list", async () => {
  const url = await answering(200, JSON.stringify({ data: [1, 2], meta: { total: 2 } }));

  const answer = await unwrap(await fetch(url));

  expect(answer).toEqual({ data: [1, 2], meta: { total: 2 } });
});

test("a success without content gives nothing", async () => {
  const url = await answering(204, undefined);

  await expect(unwrap(await fetch(url))).resolves.toEqual({ data: undefined, meta: undefined });
});

test("a failure is thrown with its status, code, words and request id", async () => {
  const error = {
    code: "corporation.not_found",
    message: "No such corporation.",
    requestId: "r-1",
    details: { id: 1 },
  };
  const url = await answering(404, JSON.stringify({ error }));

  const thrown = await unwrap(await fetch(url)).catch((caught) => caught);

  expect(thrown).toBeInstanceOf(ApiError);
  expect(thrown).toMatchObject({ status: 404, ...error });
});

test("an answer that is no envelope is a failure that names its status, with the request id of the header", async () => {
  const url = await answering(502, "<html>Bad gateway</html>", { "x-request-id": "edge-7" });

  const thrown = await unwrap(await fetch(url)).catch((caught) => caught);

  expect(thrown).toMatchObject({ status: 502, code: "http.unreadable", requestId: "edge-7" });
});

test("a page of HTML with status 200 is a failure, not data", async () => {
  const url = await answering(200, "<html></html>");

  await expect(unwrap(await fetch(url))).rejects.toMatchObject({ code: "http.unreadable" });
});

test("the server's clock is learnt from the Date header, however far it is from our own", async () => {
  const date = new Date(Date.now() + 9 * 86_400_000);
  const url = await answering(200, '{"data":null}', { date: date.toUTCString() });

  await unwrap(await fetch(url));

  expect(Math.abs(serverNow() - date.getTime())).toBeLessThan(2_000);
});

test.each([
  ["7", 7_000],
  ["Fri, 20 Nov 2026 12:00:00 GMT", undefined],
])("a failure with Retry-After %s says how long to wait", async (header, retryAfterMs) => {
  const url = await answering(429, JSON.stringify({ error: { code: "a.b", message: "No." } }), {
    "retry-after": header,
  });

  const thrown = await unwrap(await fetch(url)).catch((caught) => caught);

  expect(thrown).toMatchObject({ status: 429, retryAfterMs });
});
