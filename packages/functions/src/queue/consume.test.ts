import * as Actor from "@tapi/core/actor";
import * as DeadLetter from "@tapi/core/dead-letter";
import * as Queue from "@tapi/core/queue";
import * as Refresh from "@tapi/core/refresh";
import { queueName } from "@tapi/core/topology";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consumed, kill, receive, type Message as SqsMessage } from "../../../core/test/dead-letter.ts";
import { corporationOf, type Pilot } from "../../../core/test/pilot.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { consume } from "./consume.ts";
import { handler as refresh } from "./refresh.ts";

const queue = "public";
let world: World;
let pilot: Pilot & { corporationId: number };

beforeAll(async () => {
  world = await startWorld({ corporations: [{ members: 25, assets: 50, journalPerDay: 1 }] });
  const [home] = (await world.truth()).corporations;
  pilot = await corporationOf(home?.ceo.characterId as number);
  // What adding the corporation has queued.
  for (let message = await receive(queue, 0); message; message = await receive(queue, 0))
    await consumed(queue, message);
});
afterAll(() => world?.close());

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);

/** A received message as the event source hands it to a function. */
const eventOf = (message: SqsMessage): SQSEvent => ({
  Records: [
    {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes,
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
          name,
          { stringValue: StringValue, dataType: "String" },
        ]),
      ),
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queueName("local", queue)}`,
    } as unknown as SQSRecord,
  ],
});

const context = { awsRequestId: "request-7", functionName: "refresh-small" } as Context;

/** A release whose worker cannot do its work. */
const broken = consume(Refresh.Message, async () => {
  throw new TypeError("Cannot read properties of undefined, token 0123456789abcdef0123456789abcdef0123456789abcdef");
});

const failing = (handler: typeof broken) => async (message: SqsMessage) => {
  const { batchItemFailures } = await handler(eventOf(message), context);
  expect(batchItemFailures).toEqual([{ itemIdentifier: message.MessageId }]);
};

const send = (dataset = "public-info") =>
  Queue.send(queue, Refresh.Message, [
    { message: { corporationId: pilot.corporationId, dataset, reason: "schedule" } },
  ]);

const letters = async () => (await asSystem(() => DeadLetter.list({ queue }))).letters;
const freshness = async () => {
  const board = await pilot.as(() => Refresh.board({ corporationId: pilot.corporationId }));
  return board.find(({ dataset }) => dataset === "public-info");
};
const asked = async () => {
  const { requests } = (await world.control("stats")) as { requests: Record<string, Record<string, number>> };
  return requests.GetCorporationsCorporationId;
};

test("a message that fails every time is a dead letter with what went wrong each time", async () => {
  await send();

  await kill(queue, failing(broken));

  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({
    corporationId: pilot.corporationId,
    dataset: "public-info",
    reason: { code: "TypeError", message: "Cannot read properties of undefined, token [secret]" },
  });
  expect(letter?.attempts.map(({ number, requestId, worker }) => ({ number, requestId, worker }))).toEqual(
    [1, 2, 3, 4, 5].map((number) => ({ number, requestId: "request-7", worker: "refresh-small" })),
  );
});

test("a redriven message that is out of date does nothing: ESI is not asked, nothing is written", async () => {
  const [letter] = await letters();
  await world.refresh(pilot.corporationId, "public-info");
  const before = { asked: await asked(), freshness: await freshness() };

  await asSystem(() => DeadLetter.redrive({ queue, messageId: letter?.messageId as string }));
  const message = (await receive(queue)) as SqsMessage;
  const answer = await refresh(eventOf(message), context);

  expect(answer).toEqual({ batchItemFailures: [] });
  expect({ asked: await asked(), freshness: await freshness() }).toEqual(before);
  await consumed(queue, message);
});

test("a message that no schema knows says what is wrong with it", async () => {
  await Queue.send(queue, Refresh.Message.extend({ corporationId: Refresh.Message.shape.dataset }), [
    { message: { corporationId: "no number", dataset: "members", reason: "schedule" } },
  ]);

  await kill(queue, failing(refresh));

  const [letter] = await letters();
  expect(letter).toMatchObject({ dataset: "members", reason: { code: "message.malformed" } });
  expect(letter?.reason.message).toMatch(/corporationId/);
});
