import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import * as z from "zod";
import { remove } from "../../product/dead-letter/hold.ts";
import * as Config from "../config/index.ts";
import * as Queue from "./index.ts";

interface Batch {
  Entries: { Id: string; MessageBody: string; DelaySeconds: number }[];
}

/** An SQS that refuses one message of each batch, if it is to. */
let isRefusing = false;
let asked: Batch[] = [];
const sqs = createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  asked.push(JSON.parse(body));
  response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
  const refused = [{ Id: "0", Code: "InternalError", SenderFault: false }];
  response.end(JSON.stringify({ Successful: [], Failed: isRefusing ? refused : [] }));
});

beforeAll(async () => {
  await once(sqs.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(sqs.address() as AddressInfo).port}`;
  Object.assign(process.env, { SQS_ENDPOINT: url, QUEUE_URL_BASE: `${url}/000000000000/tapi-` });
  Config.reset();
});
beforeEach(() => {
  isRefusing = false;
  asked = [];
});
afterAll(() => {
  sqs.closeAllConnections();
  sqs.close();
});

const send = (...outgoing: Queue.Outgoing<number>[]) => Queue.send("public", z.number(), outgoing);
const held = Array.from({ length: 11 }, (_, index) => ({ receiptHandle: String(index) })) as unknown as Parameters<
  typeof remove
>[1];

test("messages go ten a call, each once, and none makes no call", async () => {
  await send();
  expect(asked).toEqual([]);

  await send(...Array.from({ length: 21 }, (_, message) => ({ message })));

  expect(asked.map(({ Entries }) => Entries.length).sort()).toEqual([1, 10, 10]);
  const bodies = asked.flatMap(({ Entries }) => Entries.map(({ MessageBody }) => Number(MessageBody)));
  expect(bodies.sort((a, b) => a - b)).toEqual(Array.from({ length: 21 }, (_, index) => index));
});

test.each([
  [undefined, 0],
  [-5, 0],
  [1.4, 1],
  [899.6, 900],
  [5000, 900],
])("a delay of %s seconds is one of %i", async (delaySeconds, expected) => {
  await send({ message: 1, ...(delaySeconds === undefined ? {} : { delaySeconds }) });

  expect(asked[0]?.Entries[0]?.DelaySeconds).toBe(expected);
});

test("a message that SQS refuses, or does not delete, fails who sends or deletes it", async () => {
  isRefusing = true;

  await expect(send({ message: 1 })).rejects.toThrow("SQS refused 1 messages for public: InternalError");
  await expect(remove("public", held)).rejects.toThrow("SQS did not delete 1 messages: InternalError");
});

test("all that are to be deleted are, ten a call", async () => {
  await remove("public", held);

  expect(asked.map(({ Entries }) => Entries.length)).toEqual([10, 1]);
});
