import * as Freshness from "@tapi/core/engine/freshness";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Owner from "@tapi/core/owner";
import * as Actor from "@tapi/core/platform/actor";
import * as Queue from "@tapi/core/platform/queue";
import { queueName } from "@tapi/core/platform/topology";
import * as DeadLetter from "@tapi/core/product/dead-letter";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { consumed, kill, receive, type Message as SqsMessage } from "../../../core/test/dead-letter.ts";
import { corporationOf, type Pilot } from "../../../core/test/pilot.ts";
import { drain } from "../../../core/test/queues.ts";
import { startWorld, type World } from "../../../core/test/world.ts";
import { consume } from "./consume.ts";
import { handler as refresh } from "./refresh.ts";
import { beforeWork } from "./split.ts";

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
    { message: { owner: Owner.corporation(pilot.corporationId), datasets: [dataset], reason: "schedule" } },
  ]);

const letters = async () => (await asSystem(() => DeadLetter.list({ queue }))).letters;
const freshness = async () => {
  const board = await pilot.as(() => Freshness.board({ owner: Owner.corporation(pilot.corporationId) }));
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
    owner: Owner.corporation(pilot.corporationId),
    datasets: ["public-info"],
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

test("a dead letter that the release before wrote is shown as its corporation's, and refreshes it once it is redriven", async () => {
  const { corporationId } = pilot;
  await world.advance(25 * 3600);
  await Queue.send(queue, z.unknown(), [{ message: { corporationId, dataset: "public-info", reason: "schedule" } }]);
  await kill(queue);
  const [letter] = await letters();
  const before = await freshness();

  await asSystem(() => DeadLetter.redrive({ queue, messageId: letter?.messageId as string }));
  const message = (await receive(queue)) as SqsMessage;
  const answer = await refresh(eventOf(message), context);
  await consumed(queue, message);

  expect(letter).toMatchObject({ owner: Owner.corporation(corporationId), datasets: ["public-info"] });
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(Date.parse((await freshness())?.refreshedAt ?? "")).toBeGreaterThan(Date.parse(before?.refreshedAt ?? ""));
});

/** The queue's life until no message in it can come again, back-offs included. */
async function live(handler: typeof broken): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    await drain(queue, handler);
    await world.advance(301);
  }
}
const total = (counts: Record<string, number> = {}) => Object.values(counts).reduce((sum, count) => sum + count, 0);

const mixed = (...datasets: string[]) =>
  Queue.send(queue, Refresh.Message, [
    { message: { owner: Owner.corporation(pilot.corporationId), datasets, reason: "schedule" } },
  ]);

test("of a message about several datasets the one that fails is a dead letter alone, with its reason, and the others are done once", async () => {
  await asSystem(() => DeadLetter.discard({ queue, all: true, reason: "between tests" }));
  await world.advance(25 * 3600);
  await mixed("no-such-dataset", "public-info");
  const before = await asked();

  await live((event) => refresh(event, context));

  const [letter, ...others] = await letters();
  expect(others).toEqual([]);
  expect(letter).toMatchObject({
    owner: Owner.corporation(pilot.corporationId),
    datasets: ["no-such-dataset"],
    reason: { code: "Error", message: "no dataset is called no-such-dataset" },
  });
  expect(letter?.attempts.length).toBe(6);
  expect(total(await asked())).toBe(total(before) + 1);
});

test("of a message that kills its worker whatever else it is about is done, and what kills is a dead letter alone", async () => {
  await asSystem(() => DeadLetter.discard({ queue, all: true, reason: "between tests" }));
  await mixed("members", "public-info");
  const done: string[] = [];
  const deadly = consume(
    Refresh.Message,
    async ({ datasets }) => {
      if (datasets.includes("members")) throw new Error("stands for a death, which leaves no word");
      done.push(...datasets);
    },
    { beforeWork },
  );

  await live(deadly);

  expect(done).toEqual(["public-info"]);
  expect((await letters()).map(({ datasets }) => datasets)).toEqual([["members"]]);
});

test("a message that no schema knows says what is wrong with it", async () => {
  await Queue.send(queue, z.unknown(), [{ message: { owner: "nobody", datasets: ["members"], reason: "schedule" } }]);

  await kill(queue, failing(refresh));

  const [letter] = await letters();
  expect(letter).toMatchObject({ datasets: ["members"], reason: { code: "message.malformed" } });
  expect(letter?.reason.message).toMatch(/owner/);
});
