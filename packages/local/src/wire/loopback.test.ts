import { type IncomingHttpHeaders, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guardDynamoDb } from "../dynamodb/guard.ts";
import { createTable, startDynamoDb } from "../dynamodb/index.ts";
import { startKms } from "../kms/index.ts";
import { startSqs } from "../sqs/index.ts";
import { comesFromOwnPage, namesThisMachine } from "./loopback.ts";

const running: { close(): Promise<unknown> }[] = [];
const urls: Record<string, string> = {};

beforeAll(async () => {
  const [database, kms, sqs] = await Promise.all([startDynamoDb(), startKms(), startSqs()]);
  const guard = await guardDynamoDb(database.url);
  running.push(guard, database, kms, sqs);
  Object.assign(urls, { dynamodb: guard.url, kms: kms.url, sqs: sqs.url });
});
afterAll(async () => {
  for (const each of running) await each.close();
});

const targets: Record<string, string> = {
  dynamodb: "DynamoDB_20120810.ListTables",
  kms: "TrentService.ListKeys",
  sqs: "AmazonSQS.ListQueues",
};

function ask(name: string, headers: Record<string, string>, method = "POST"): Promise<[number, IncomingHttpHeaders]> {
  const { hostname, port, host } = new URL(urls[name] ?? "");
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method, headers: { host, "x-amz-target": targets[name] ?? "", ...headers } },
      (response) => response.resume().on("end", () => resolve([response.statusCode ?? 0, response.headers])),
    );
    sent.on("error", reject).end(method === "POST" ? "{}" : undefined);
  });
}

test.each([
  ["a page of another origin", { origin: "http://evil.example" }],
  ["a page without an origin", { origin: "null" }],
  ["a rebound name", { host: "evil.example" }],
  ["a rebound name with this port", { host: "localhost.evil.example:80" }],
  ["a browser that hides the page", { "sec-fetch-site": "cross-site" }],
])("%s reads and writes nothing in DynamoDB, KMS or SQS", async (_, headers) => {
  for (const name of ["dynamodb", "kms", "sqs"]) {
    const [status, answer] = await ask(name, headers);

    expect([name, status]).toEqual([name, 403]);
    expect(answer["access-control-allow-origin"]).toBeUndefined();
  }
});

test("no preflight is granted, and what names no operation opens no connection for what does", async () => {
  for (const name of ["dynamodb", "kms", "sqs"]) {
    const [status, answer] = await ask(name, { origin: "http://evil.example" }, "OPTIONS");
    expect([name, status, answer["access-control-allow-origin"]]).toEqual([name, 403, undefined]);
  }
  expect((await ask("dynamodb", { "x-amz-target": "" }, "GET"))[0]).toBe(403);
});

test("our own processes are answered", async () => {
  await createTable(urls.dynamodb ?? "", "guarded");

  expect([(await ask("kms", {}))[0], (await ask("sqs", {}))[0]]).toEqual([200, 200]);
});

test.each([
  ["localhost:3000", true],
  ["127.0.0.1:3000", true],
  ["[::1]:3000", true],
  ["LOCALHOST", true],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example:3000", false],
  ["", false],
])("the host %j names this machine: %s", (host, expected) => {
  expect(namesThisMachine(host)).toBe(expected);
});

test.each([
  ["tapi.example.org", true],
  ["TAPI.example.org:443", true],
  ["192.0.2.2:3000", true],
  ["tapi.example.org:444", false],
  ["192.0.2.2", false],
  ["tapi.example.org.evil.example", false],
  ["x@tapi.example.org", false],
  ["tapi.example.org/x", false],
])("where a server is known by two addresses, the host %j names it: %s", (host, expected) => {
  expect(namesThisMachine(host, ["https://tapi.example.org", "http://192.0.2.2:3000"])).toBe(expected);
});

test("a page asks the address that it was had from, and no other", () => {
  const host = "localhost:3000";

  expect(comesFromOwnPage({ host, origin: "http://localhost:3000" })).toBe(true);
  expect(comesFromOwnPage({ host })).toBe(true);
  expect(comesFromOwnPage({ host, origin: "http://localhost:4000" })).toBe(false);
  expect(comesFromOwnPage({ host, origin: "null" })).toBe(false);
});
