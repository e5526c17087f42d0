import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, expect, test, vi } from "vitest";
import * as Config from "../config/index.ts";
import { client } from "./index.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  Config.reset();
});

/** A DynamoDB whose clock is an hour ahead and which refuses the first `times` requests; it counts them all. */
async function startRefusing(type: string, times = Number.POSITIVE_INFINITY) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().on("end", () => {
      if (requests > times) return response.end("{}");
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0", date: ahead().toUTCString() });
      response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, Message: "no" }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  vi.stubEnv("DYNAMODB_ENDPOINT", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  Config.reset();
  return { requests: () => requests, close: () => server.close() };
}
const ahead = () => new Date(Date.now() + 3_600_000);

test.each([
  ["ConditionalCheckFailedException", new PutCommand({ TableName: "any", Item: { pk: "a", sk: "b" } })],
  [
    "TransactionCanceledException",
    new TransactWriteCommand({ TransactItems: [{ Put: { TableName: "any", Item: { pk: "a", sk: "b" } } }] }),
  ],
])("a %s is asked for once, however far the clocks are apart", async (type, command) => {
  const refusing = await startRefusing(type);

  await expect(client().send(command as PutCommand)).rejects.toThrow();

  expect(refusing.requests()).toBe(1);
  refusing.close();
});

test("a throttled call is tried again", async () => {
  const refusing = await startRefusing("ProvisionedThroughputExceededException", 1);

  await client().send(new PutCommand({ TableName: "any", Item: { pk: "a", sk: "b" } }));

  expect(refusing.requests()).toBe(2);
  refusing.close();
});
