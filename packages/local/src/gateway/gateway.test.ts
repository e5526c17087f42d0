import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { securityHeaders } from "@tapi/functions/site-headers";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InvocationError } from "../runtime/topology.ts";
import { createGateway } from "./gateway.ts";
import { createSite } from "./site.ts";

const socketUrl = "ws://localhost:3000/socket";

let webDir: string;
let server: Server;
let origin: string;
let events: APIGatewayProxyEventV2[];
let answer: (event: APIGatewayProxyEventV2) => unknown;

beforeEach(async () => {
  webDir = mkdtempSync(join(tmpdir(), "tapi-web-"));
  mkdirSync(join(webDir, "assets"));
  writeFileSync(join(webDir, "index.html"), "<!doctype html><title>TAPI</title>");
  writeFileSync(join(webDir, "assets", "index-abc123.js"), `export const words = "${"repeat ".repeat(400)}";`);
  writeFileSync(join(webDir, "favicon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>");
  events = [];
  answer = () => ({ statusCode: 200, body: "ok" });
  const gateway = createGateway({
    http: { paths: ["/api/*", "/livez"], function: "api" },
    integrationTimeoutMs: 150,
    site: createSite(webDir),
    socketUrl,
    invoke: async (_name, event) => {
      events.push(event as APIGatewayProxyEventV2);
      return answer(event as APIGatewayProxyEventV2);
    },
  });
  server = createServer(gateway).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(webDir, { recursive: true });
});

/** fetch() would normalise what these tests are about. */
function raw(path: string, headers: string[], body?: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const outgoing = request({ hostname, port, path, method: body ? "POST" : "GET", headers }, (response) => {
      response.resume().on("end", resolve);
    });
    outgoing.on("error", reject).end(body);
  });
}

test("a request arrives in payload format 2.0: headers lower-cased and joined, cookies apart, query decoded", async () => {
  await raw("/api/v1/things/a%20b?tag=x&tag=y%2Cz&empty=&q=caf%C3%A9", [
    ...["Host", "localhost:3000", "X-Thing", "one", "x-thing", "two", "User-Agent", "tester/1"],
    ...["Cookie", "a=1; b=2", "Cookie", "c=3"],
    ...["X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https", "Forwarded", "for=203.0.113.7"],
  ]);

  const [event] = events;
  expect(event).toMatchObject({
    version: "2.0",
    routeKey: "$default",
    rawPath: "/api/v1/things/a b",
    rawQueryString: "tag=x&tag=y%2Cz&empty=&q=caf%C3%A9",
    cookies: ["a=1", "b=2", "c=3"],
    queryStringParameters: { tag: "x,y,z", empty: "", q: "café" },
    isBase64Encoded: false,
    requestContext: {
      stage: "$default",
      domainName: "localhost",
      http: { method: "GET", path: "/api/v1/things/a b", sourceIp: "127.0.0.1", userAgent: "tester/1" },
    },
  });
  expect(event?.headers).toMatchObject({
    "x-thing": "one,two",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
  });
  expect(event?.headers).not.toHaveProperty("forwarded");
  expect(event?.headers).not.toHaveProperty("cookie");
  expect(event).not.toHaveProperty("body");
  expect(event?.requestContext.time).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
});

test.each([
  ["application/json; charset=utf-8", false],
  ["text/csv", false],
  ["application/x-www-form-urlencoded", true],
  ["application/octet-stream", true],
])("a body of type %s is base64: %s", async (type, isBase64Encoded) => {
  const body = Buffer.from("naïve=1");

  await raw("/api/v1/upload", ["Host", "localhost", "Content-Type", type, "Content-Length", String(body.length)], body);

  expect(events[0]?.isBase64Encoded).toBe(isBase64Encoded);
  expect(Buffer.from(events[0]?.body ?? "", isBase64Encoded ? "base64" : "utf8")).toEqual(body);
});

test("an answer's status, headers, several cookies and binary body reach the client", async () => {
  const bytes = Buffer.from([0, 255, 1, 254]);
  answer = () => ({
    statusCode: 201,
    headers: { "Content-Type": "image/png", "X-Number": 7 },
    cookies: ["a=1; HttpOnly", "b=2"],
    body: bytes.toString("base64"),
    isBase64Encoded: true,
  });

  const response = await fetch(`${origin}/api/v1/image`);

  expect(response.status).toBe(201);
  expect(response.headers.get("content-type")).toBe("image/png");
  expect(response.headers.get("x-number")).toBe("7");
  expect(response.headers.getSetCookie()).toEqual(["a=1; HttpOnly", "b=2"]);
  expect(response.headers.get("apigw-requestid")).toBe(events[0]?.requestContext.requestId);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
});

test("an answer without a status is the JSON body of a 200", async () => {
  answer = () => ({ hello: "world" });

  const response = await fetch(`${origin}/livez`);

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/json");
  await expect(response.json()).resolves.toEqual({ hello: "world" });
});

test("an answer's own header wins over the site's security header", async () => {
  answer = () => ({ statusCode: 200, headers: { "Content-Security-Policy": "default-src 'none'" }, body: "docs" });

  const response = await fetch(`${origin}/api/docs`);

  expect(response.headers.get("content-security-policy")).toBe("default-src 'none'");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test.each([
  ["a failed function", () => Promise.reject(new InvocationError("Error", "boom")), 500, "Internal Server Error"],
  ["a malformed answer", () => ({ statusCode: "soon" }), 500, "Internal Server Error"],
  ["a function slower than the integration limit", () => new Promise(() => {}), 503, "Service Unavailable"],
] as const)("%s is answered without a word about the cause", async (_name, behaviour, status, message) => {
  answer = behaviour;

  const response = await fetch(`${origin}/api/v1/x`);

  expect(response.status).toBe(status);
  await expect(response.json()).resolves.toEqual({ message });
});

test("a body above 10 MB, and one that makes an event above 6 MB, is refused with 413", async () => {
  const send = (megabytes: number) =>
    fetch(`${origin}/api/v1/upload`, { method: "POST", body: "x".repeat(megabytes * 1024 * 1024) });

  const statuses = [(await send(5)).status, (await send(7)).status, (await send(11)).status];

  expect(statuses).toEqual([200, 413, 413]);
  expect(events).toHaveLength(1);
});

test("the Date header is the process's clock, which simulated time shifts", async () => {
  const RealDate = Date;
  const tomorrow = RealDate.now() + 86_400_000;
  globalThis.Date = class extends RealDate {
    constructor() {
      super(tomorrow);
    }
  } as DateConstructor;

  const response = await fetch(`${origin}/livez`).finally(() => {
    globalThis.Date = RealDate;
  });

  expect(response.headers.get("date")).toBe(new Date(tomorrow).toUTCString());
});

test("pages are never cached, hashed assets for a year, and all carry the security headers", async () => {
  const page = await fetch(`${origin}/corporations/98000001/assets`);
  const asset = await fetch(`${origin}/assets/index-abc123.js`, { headers: { "accept-encoding": "gzip, br" } });
  const icon = await fetch(`${origin}/favicon.svg`);

  await expect(page.text()).resolves.toContain("<title>TAPI</title>");
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(asset.headers.get("content-encoding")).toBe("br");
  await expect(asset.text()).resolves.toContain("repeat repeat");
  expect(icon.headers.get("cache-control")).toBe("public, max-age=3600");
  for (const response of [page, asset, icon]) {
    expect(Object.fromEntries(response.headers)).toMatchObject(securityHeaders(socketUrl));
  }
});

test.each([
  ["ws://localhost:3000/socket", "ws://localhost:3000"],
  ["wss://tapi.example/socket", "wss://tapi.example"],
  ["wss://abc.execute-api.us-east-1.amazonaws.com/live", "wss://abc.execute-api.us-east-1.amazonaws.com"],
])("a page may connect to its own origin and to the sockets at %s, and nowhere else", (url, only) => {
  const directives = securityHeaders(url)["content-security-policy"].split("; ");

  expect(directives).toContain(`connect-src 'self' ${only}`);
});

test.each([
  ["br;q=0, gzip", null],
  ["*;q=0", null],
  ["gzip", null],
  ["identity, br;q=0.5", null],
  ["abra, x-br", null],
  ["BR", "br"],
  ["*", "br"],
  ["br;q=0.1", "br"],
])("a file is compressed only for whoever takes that: Accept-Encoding %s gives %s", async (accepted, encoding) => {
  const asset = await fetch(`${origin}/assets/index-abc123.js`, { headers: { "accept-encoding": accepted } });

  expect(asset.headers.get("content-encoding")).toBe(encoding);
  expect(asset.headers.get("vary")).toMatch(/accept-encoding/i);
  await expect(asset.text()).resolves.toContain("repeat repeat");
});

test("a missing asset is 404 rather than the app's page, and nothing outside the folder is served", async () => {
  writeFileSync(`${webDir}.secret.txt`, "secret");

  const missing = await fetch(`${origin}/assets/old-000.js`);
  const outside = await fetch(`${origin}/..%2f${webDir.split("/").at(-1)}.secret.txt`);

  rmSync(`${webDir}.secret.txt`);
  expect(missing.status).toBe(404);
  await expect(outside.text()).resolves.not.toContain("secret");
});

test("a HEAD request answers the headers alone and other methods on pages are refused", async () => {
  const head = await fetch(`${origin}/`, { method: "HEAD" });
  const post = await fetch(`${origin}/`, { method: "POST", body: "x" });

  expect(head.status).toBe(200);
  await expect(head.text()).resolves.toBe("");
  expect(post.status).toBe(405);
});
