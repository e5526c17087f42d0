import { randomInt, randomUUID } from "node:crypto";
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message as SqsMessage,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { consumed, kill, receive, startOwnStack } from "../../../test/dead-letter.ts";
import * as Audit from "../../audit/index.ts";
import { Message } from "../../engine/refresh/index.ts";
import { CharacterEntity } from "../../identity/character/character.entity.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import type { QueueName } from "../../platform/topology/index.ts";
import { recordAttempt } from "../attempt/index.ts";
import * as DeadLetter from "./index.ts";

const adminId = randomInt(90_000_000, 98_000_000);
const queue: QueueName = "public";
let stack: { close(): Promise<void> };

const asSystem = <T>(body: () => T): T => Actor.provide({ type: "system", name: "test" }, body);
const asUser = <T>(userId: string, body: () => T): T =>
  Actor.provide({ type: "user", userId, sessionId: "test" }, body);
const asAdmin = <T>(body: () => T): T => asUser("the-admin", body);

beforeAll(async () => {
  stack = await startOwnStack({ ADMIN_CHARACTER_IDS: String(adminId) });
  await CharacterEntity()
    .put({ characterId: adminId, userId: "the-admin", name: "Aria Keeper", ownerHash: "hash", linkedAt: Date.now() })
    .go();
});
afterAll(() => stack?.close());

beforeEach(async () => {
  for (const each of [queue, "members"] as const) {
    await asSystem(() => DeadLetter.discard({ queue: each, all: true, reason: "between tests" }));
  }
});

const attemptOf = (message: SqsMessage, trace: string) => ({
  trace,
  messageId: message.MessageId ?? "",
  number: Number(message.Attributes?.ApproximateReceiveCount),
  error: new VisibleError("unavailable", "esi.server", `Bad gateway for ${"x".repeat(60)}`),
  requestId: "request-1",
  worker: "refresh-small",
});

/** A message that fails every time it is tried; returns the corporation it is about. */
async function bury(into: QueueName = queue): Promise<number> {
  const corporationId = randomInt(98_000_000, 99_000_000);
  await Queue.send(into, Message, [
    { message: { owner: Owner.corporation(corporationId), datasets: ["public-info"], reason: "schedule" } },
  ]);
  await kill(into, (message) =>
    asSystem(() =>
      recordAttempt(attemptOf(message, message.MessageAttributes?.[Queue.traceAttribute]?.StringValue ?? "")),
    ),
  );
  return corporationId;
}

const list = (input: Parameters<typeof DeadLetter.list>[0] = {}) => asAdmin(() => DeadLetter.list(input));
const only = async () => (await list({ queue })).letters[0] as DeadLetter.Letter;

test("a dead letter tells its corporation, its dataset, when it was tried and why it failed, without secrets", async () => {
  const corporationId = await bury();

  const letter = await only();

  expect(letter).toMatchObject({
    queue,
    owner: Owner.corporation(corporationId),
    datasets: ["public-info"],
    reason: { code: "esi.server", message: "Bad gateway for [secret]" },
    ageSeconds: expect.any(Number),
  });
  expect(letter.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  expect(letter.attempts[0]).toMatchObject({
    requestId: "request-1",
    worker: "refresh-small",
    at: letter.firstAttemptAt,
  });
  expect(letter.lastAttemptAt).toBe(letter.attempts.at(-1)?.at);
  expect(await asAdmin(() => DeadLetter.get({ queue, messageId: letter.messageId }))).toMatchObject({
    messageId: letter.messageId,
  });
});

test("looking at dead letters takes none away and leaves the counts as they are", async () => {
  await bury();
  await bury();

  for (const _ of [1, 2, 3]) expect(await list()).toMatchObject({ total: 2, letters: [{}, {}] });

  const states = await asAdmin(() => DeadLetter.queueStates());
  expect(states.find((state) => state.queue === queue)).toMatchObject({ waiting: 0, inFlight: 0, deadLetters: 2 });
});

test("pages hold each dead letter once, newest first, over all queues", async () => {
  for (const into of [queue, "members", queue, "members", queue] as const) await bury(into);

  const seen: DeadLetter.Letter[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 2, ...(cursor ? { cursor } : {}) });
    seen.push(...page.letters);
    cursor = page.nextCursor;
  } while (cursor);

  expect(new Set(seen.map(({ messageId }) => messageId)).size).toBe(5);
  const ages = seen.map(({ sentAt }) => sentAt);
  expect(ages).toEqual([...ages].sort().reverse());
  expect(await list({ limit: 1 })).toMatchObject({ total: 5, oldestSentAt: ages.at(-1) });
  await expect(list({ cursor: "nonsense" })).rejects.toMatchObject({ code: "dead_letter.bad_cursor" });
});

test("the oldest is not told while others hold some of the letters: theirs may be older", async () => {
  await bury();
  await bury();
  const QueueUrl = Config.deadLetterQueueUrl(queue);
  const { Messages: [taken] = [] } = await Queue.client().send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, VisibilityTimeout: 30 }),
  );

  const seen = await list({ queue });

  await Queue.client().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: taken?.ReceiptHandle }));
  expect(seen).toMatchObject({ total: 2, letters: [{}] });
  expect(seen.oldestSentAt).toBeUndefined();
});

test("a message that no worker could speak for says so, and one that is no JSON is shown as it came", async () => {
  await Queue.client().send(
    new SendMessageCommand({ QueueUrl: Config.queueUrl(queue), MessageBody: "not { json", MessageAttributes: {} }),
  );
  await kill(queue);

  expect(await only()).toMatchObject({ body: "not { json", attempts: [], reason: { code: "worker.silent" } });
});

test("a redriven message is in its queue again, its history goes on, and the trail says who sent it", async () => {
  await bury();
  const { messageId, body, attempts } = await only();

  const answer = await asAdmin(() => DeadLetter.redrive({ queue, messageId }));

  expect(answer).toEqual({ redriven: 1 });
  expect(await list({ queue })).toMatchObject({ total: 0, letters: [] });
  const back = await receive(queue);
  expect(back?.Body).toBe(body);
  await Queue.postpone(queue, back?.ReceiptHandle as string, 0);
  await kill(queue);
  const again = await only();
  expect(again.messageId).not.toBe(messageId);
  expect(again.attempts).toEqual(attempts);
  const { entries } = await asAdmin(() => Audit.list({}));
  expect(entries[0]).toMatchObject({
    action: "dead_letter.redriven",
    by: "Aria Keeper",
    characterId: adminId,
    subject: { messageId, body },
  });
});

test("all dead letters of a queue go back at once, those of other queues stay", async () => {
  const corporations = [await bury(), await bury(), await bury()];
  await bury("members");

  const answer = await asAdmin(() => DeadLetter.redrive({ queue, all: true }));

  expect(answer).toEqual({ redriven: 3 });
  const found = new Set<number>();
  await vi.waitFor(async () => {
    const message = await receive(queue, 1);
    found.add(JSON.parse(message?.Body ?? "{}").owner.id);
    if (message) await consumed(queue, message);
    expect([...found].sort()).toEqual([...corporations].sort());
  }, 20_000);
  expect(await list()).toMatchObject({ total: 1, letters: [{ queue: "members" }] });
  expect(await asAdmin(() => DeadLetter.redrive({ queue, all: true }))).toEqual({ redriven: 0 });
  const { entries } = await asAdmin(() => Audit.list({ limit: 1 }));
  expect(entries).toMatchObject([{ action: "dead_letter.redriven", subject: { queue, count: 3 } }]);
});

test("a discarded message is gone, and who, when, why and the message itself stay in the trail", async () => {
  const corporationId = await bury();
  await bury();
  const { messageId } = (await list({ queue })).letters.find((each) => each.owner?.id === corporationId) ?? {};

  const answer = await asAdmin(() =>
    DeadLetter.discard({ queue, messageId: messageId as string, reason: "the corporation left" }),
  );

  expect(answer).toEqual({ discarded: 1 });
  expect((await list({ queue })).letters.map((each) => each.owner?.id)).not.toContain(corporationId);
  expect(await list({ queue })).toMatchObject({ total: 1 });
  const { entries } = await asAdmin(() => Audit.list({ limit: 1 }));
  expect(entries).toMatchObject([
    {
      action: "dead_letter.discarded",
      by: "Aria Keeper",
      reason: "the corporation left",
      subject: { messageId, body: expect.stringContaining(String(corporationId)) },
    },
  ]);
});

test("discarding needs a reason, and a message that is there", async () => {
  await bury();
  const { messageId } = await only();

  expect(() => asAdmin(() => DeadLetter.discard({ queue, messageId, reason: " " }))).toThrow(/reason/);
  await expect(
    asAdmin(() => DeadLetter.discard({ queue: "members", messageId: randomUUID(), reason: "gone already" })),
  ).rejects.toMatchObject({ kind: "not_found", code: "dead_letter.not_found" });
  expect(await list({ queue })).toMatchObject({ total: 1 });
});

test("two who act on one message at once: it is sent back once, the other is told", async () => {
  await bury();
  const { messageId } = await only();
  const redrive = () => asAdmin(() => DeadLetter.redrive({ queue, messageId }));

  const results = await Promise.allSettled([redrive(), redrive()]);

  const refused = results.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
  expect(refused).toHaveLength(1);
  expect(["dead_letter.busy", "dead_letter.not_found"]).toContain(refused[0]);
  expect(await Queue.depth(queue)).toMatchObject({ waiting: 1, inFlight: 0 });
  await kill(queue);
});

test("the trail pages from the newest entry back, each entry once", async () => {
  for (const _ of [1, 2, 3]) {
    await bury();
    await asAdmin(() => DeadLetter.discard({ queue, all: true, reason: "paging" }));
  }

  const first = await asAdmin(() => Audit.list({ limit: 2 }));
  const second = await asAdmin(() => Audit.list({ limit: 2, cursor: first.nextCursor as string }));

  const ids = [...first.entries, ...second.entries].map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  expect(ids).toEqual([...ids].sort().reverse());
  await expect(asAdmin(() => Audit.list({ cursor: "nonsense" }))).rejects.toMatchObject({ code: "audit.bad_cursor" });
});

test.each<[string, <T>(body: () => T) => T]>([
  ["nobody", (body) => Actor.provide({ type: "public" }, body)],
  ["a user without an administrator's character", (body) => asUser("someone", body)],
])("to %s there is nothing here", async (_, as) => {
  const nothing = { kind: "not_found", code: "request.no_such_route" };

  await expect(as(() => DeadLetter.list({}))).rejects.toMatchObject(nothing);
  await expect(as(() => DeadLetter.queueStates())).rejects.toMatchObject(nothing);
  await expect(as(() => DeadLetter.get({ queue, messageId: "x" }))).rejects.toMatchObject(nothing);
  await expect(as(() => DeadLetter.redrive({ queue, all: true }))).rejects.toMatchObject(nothing);
  await expect(as(() => DeadLetter.discard({ queue, all: true, reason: "mine now" }))).rejects.toMatchObject(nothing);
  await expect(as(() => Audit.list({}))).rejects.toMatchObject(nothing);
});
