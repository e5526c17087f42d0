import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { defaultProvider } from "./credentials.ts";
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

test("a secret that nobody has configured, that is empty, or that SSM does not tell is told of, not taken for one", async () => {
  parameter = "";
  await expect(eveClientSecret()).rejects.toThrow(/parameter is empty/);
  parameter = undefined;
  await expect(eveClientSecret()).rejects.toThrow(/AccessDenied|UnknownError/);
  delete process.env.EVE_CLIENT_SECRET_PARAMETER;
  Config.reset();
  await expect(eveClientSecret()).rejects.toThrow(/neither a secret nor the SSM parameter/);
});

test("a secret of the environment's own is used as it is, and SSM is not asked", async () => {
  process.env.EVE_CLIENT_SECRET = "of the environment";
  Config.reset();

  expect(await eveClientSecret()).toBe("of the environment");
  expect(asked).toEqual([]);
});

test.each([
  [
    { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" },
    { accessKeyId: "id", secretAccessKey: "key" },
  ],
  [
    { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key", AWS_SESSION_TOKEN: "token" },
    { accessKeyId: "id", secretAccessKey: "key", sessionToken: "token" },
  ],
  [{ AWS_ACCESS_KEY_ID: "id" }, undefined],
  [{ AWS_SECRET_ACCESS_KEY: "key" }, undefined],
])("of the environment %j the credentials are %j", async (environment, expected) => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) delete process.env[name];
  Object.assign(process.env, environment);

  const found = defaultProvider()();

  if (expected) await expect(found).resolves.toEqual(expected);
  else await expect(found).rejects.toThrow("there are no AWS credentials in the environment");
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
