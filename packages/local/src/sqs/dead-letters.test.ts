import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Sqs, startSqs } from "./index.ts";
import { connect, frozenClock, TestQueue } from "./sqs.fixture.ts";

let sqs: Sqs;
let client: SQSClient;

beforeAll(async () => {
  sqs = await startSqs();
  client = connect(sqs.url);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

/** Delivers until the queue has nothing more to give: then all is in its dead-letter queue. */
async function spend(queue: TestQueue): Promise<void> {
  while ((await queue.receive({ VisibilityTimeout: 0 })).length > 0);
}
const start = (from: TestQueue, to?: TestQueue, perSecond?: number) =>
  client.send(
    new StartMessageMoveTaskCommand({
      SourceArn: from.arn,
      DestinationArn: to?.arn,
      MaxNumberOfMessagesPerSecond: perSecond,
    }),
  );
const tasks = async (from: TestQueue) => {
  const { Results = [] } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: from.arn, MaxResults: 10 }));
  return Results;
};

test("a message delivered as often as allowed goes to the dead-letter queue and names its source", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(client, 3);
  const { MessageId } = await queue.send("poison");
  const deliveries: string[] = [];

  for (let count = 0; count < 5; count++) deliveries.push(...(await queue.receiveBodies({ VisibilityTimeout: 0 })));
  const [message] = await dead.receive();

  expect(deliveries).toEqual(["poison", "poison", "poison"]);
  expect(await queue.counts()).toEqual([0, 0, 0]);
  expect(message).toMatchObject({ MessageId, Body: "poison", Attributes: { DeadLetterQueueSourceArn: queue.arn } });
});

test("a consumer that waits at the dead-letter queue gets the message as it arrives", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(client, 1);
  await queue.send("poison");
  const poll = dead.receiveBodies({ WaitTimeSeconds: 20 });

  await spend(queue);

  expect(await poll).toEqual(["poison"]);
});

test("a poll behind a spent message waits on for a good one", async () => {
  const { queue } = await TestQueue.withDeadLetters(client, 1);
  await queue.send("poison");
  await queue.receive({ VisibilityTimeout: 0 });
  const poll = queue.receiveBodies({ WaitTimeSeconds: 20 });

  await queue.send("good");

  expect(await poll).toEqual(["good"]);
});

test("time in the first queue counts towards the dead-letter queue's retention", async () => {
  const clock = frozenClock(sqs.wake);
  const dead = await TestQueue.create(client, { MessageRetentionPeriod: "120" });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const queue = await TestQueue.create(client, { RedrivePolicy });
  await queue.send("poison");

  clock.advance(90);
  await spend(queue);
  const arrived = await dead.counts();
  clock.advance(30);

  expect(arrived).toEqual([1, 0, 0]);
  expect(await dead.counts()).toEqual([0, 0, 0]);
});

test("a spent FIFO message no longer holds its group", async () => {
  const fifo = { FifoQueue: "true", ContentBasedDeduplication: "true" };
  const { queue, dead } = await TestQueue.withDeadLetters(client, 1, fifo);
  for (const body of ["poison", "good"]) await queue.send(body, { MessageGroupId: "a" });
  await queue.receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 0 });

  const delivered = await queue.receiveBodies();

  expect(delivered).toEqual(["good"]);
  expect(await dead.receiveBodies()).toEqual(["poison"]);
});

test("a dead-letter queue must be there and of the same kind", async () => {
  const dead = await TestQueue.create(client);
  const create = (deadLetterTargetArn: string, fifo: boolean) =>
    client.send(
      new CreateQueueCommand({
        QueueName: fifo ? "refused.fifo" : "refused",
        Attributes: {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
          ...(fifo ? { FifoQueue: "true" } : {}),
        },
      }),
    );

  await expect(create(`${dead.arn}-none`, false)).rejects.toThrow(/does not exist/);
  await expect(create(dead.arn, true)).rejects.toThrow(/same type/);
});

test("a dead-letter queue knows its sources", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(client, 1);

  const { queueUrls } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead.url }));

  expect(queueUrls).toEqual([queue.url]);
});

test("a redrive gives each message back to the queue it came from, as a new one", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(client, 1);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
  const other = await TestQueue.create(client, { RedrivePolicy });
  const { MessageId } = await queue.send("from queue");
  await other.send("from other");
  await Promise.all([spend(queue), spend(other)]);

  await start(dead);
  await vi.waitFor(async () => expect(await tasks(dead)).toMatchObject([{ Status: "COMPLETED" }]), 20_000);
  const [message] = await queue.receive();

  expect(await tasks(dead)).toMatchObject([
    { ApproximateNumberOfMessagesMoved: 2, ApproximateNumberOfMessagesToMove: 2, SourceArn: dead.arn },
  ]);
  expect(message).toMatchObject({ Body: "from queue", Attributes: { ApproximateReceiveCount: "1" } });
  expect(message?.MessageId).not.toBe(MessageId);
  expect(message?.Attributes?.DeadLetterQueueSourceArn).toBeUndefined();
  expect(await other.receiveBodies()).toEqual(["from other"]);
  expect(await dead.counts()).toEqual([0, 0, 0]);
});

test("a redrive can go to another queue", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(client, 1);
  const elsewhere = await TestQueue.create(client);
  await queue.send("x");
  await spend(queue);

  await start(dead, elsewhere);

  expect(await elsewhere.receiveBodies({ WaitTimeSeconds: 20 })).toEqual(["x"]);
});

test("a redrive moves no faster than it was told, one runs at a time, and it can be cancelled", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(client, 1);
  for (let count = 0; count < 20; count++) await queue.send(`${count}`);
  await spend(queue);

  const { TaskHandle } = await start(dead, undefined, 1);
  await expect(start(dead)).rejects.toThrow(/already a task running/);
  const { ApproximateNumberOfMessagesMoved = 0 } = await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));

  expect(ApproximateNumberOfMessagesMoved).toBeLessThan(5);
  expect(await tasks(dead)).toMatchObject([{ Status: "CANCELLED", MaxNumberOfMessagesPerSecond: 1 }]);
  const [visible] = await dead.counts();
  expect(visible).toBeGreaterThan(15);
});

test("a message that names no source stays where it is, and the task says why", async () => {
  const { dead } = await TestQueue.withDeadLetters(client, 1);
  await dead.send("sent here by hand");

  await start(dead);
  await vi.waitFor(async () => expect(await tasks(dead)).toMatchObject([{ Status: "FAILED" }]), 20_000);

  const [task] = await tasks(dead);
  expect(task?.FailureReason).toMatch(/destination/);
  expect(await dead.counts()).toEqual([1, 0, 0]);
});

test("only a dead-letter queue can be redriven, and only a running task cancelled", async () => {
  const queue = await TestQueue.create(client);
  const cancel = () => client.send(new CancelMessageMoveTaskCommand({ TaskHandle: "none" }));

  await expect(start(queue)).rejects.toThrow(/Dead Letter Queue/);
  await expect(cancel()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
