import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Config from "./index.ts";
import { eveClientSecret } from "./secret.ts";

let ssm: Server;
let parameter: string | undefined;
let asked: { Name: string; WithDecryption: boolean }[];
const before = { ...process.env };

beforeEach(async () => {
  asked = [];
  ssm = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(JSON.parse(body));
    if (parameter === undefined) return void response.writeHead(400).end(JSON.stringify({ __type: "AccessDenied" }));
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify({ Parameter: { Value: parameter } }));
  });
  await new Promise<void>((done) => ssm.listen(0, "127.0.0.1", done));
  process.env.AWS_ENDPOINT_URL_SSM = `http://127.0.0.1:${(ssm.address() as AddressInfo).port}`;
  process.env.EVE_CLIENT_SECRET_PARAMETER = "/tapi/secret";
  delete process.env.EVE_CLIENT_SECRET;
  Config.reset();
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(async () => {
  vi.useRealTimers();
  process.env = { ...before };
  Config.reset();
  ssm.closeAllConnections();
  await new Promise((done) => ssm.close(done));
});

// One story, because the secret is held by the process.
test("the secret is read once for many callers, anew after five minutes, and outlives an outage of SSM", async () => {
  parameter = "first";
  const together = await Promise.all([eveClientSecret(), eveClientSecret(), eveClientSecret()]);
  parameter = "second";
  const soon = await eveClientSecret();
  vi.setSystemTime(Date.now() + 5 * 60_000);
  const later = await eveClientSecret();
  vi.setSystemTime(Date.now() + 5 * 60_000);
  parameter = undefined;
  const duringOutage = await eveClientSecret();

  expect(together).toEqual(["first", "first", "first"]);
  expect([soon, later, duringOutage]).toEqual(["first", "second", "second"]);
  expect(asked.slice(0, 2)).toEqual(Array(2).fill({ Name: "/tapi/secret", WithDecryption: true }));
});
