import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Sqs, type SqsOptions, startSqs } from "./index.ts";
import { connect, TestQueue } from "./sqs.fixture.ts";

let dir: string;
let child: ChildProcess | undefined;
let sqs: Sqs | undefined;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tapi-sqs-"));
});
afterEach(async () => {
  await kill();
  await sqs?.close();
  sqs = undefined;
  await rm(dir, { recursive: true });
});

/** The server in a process of its own, so that it can be killed. */
async function startChild(limitBlocks = "unlimited") {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const entry = JSON.stringify(new URL("./index.ts", import.meta.url).href);
  const clock = JSON.stringify(new URL("../test/clock.ts", import.meta.url).href);
  // At the time of this process, which takes the journal over: messages of another month would have expired.
  const program = `
    import(${clock}).then(({ startClockAt }) => startClockAt(process.argv[2])).then(() => import(${entry}))
      .then(({ startSqs }) => startSqs({ dir: process.argv[1], onFailure: () => console.log("failed") })).then((s) => console.log(s.url))`;
  const node = [process.execPath, "--import", tsx, "-e", program, dir, new Date().toISOString()];
  child = spawn("/bin/sh", ["-c", `ulimit -f ${limitBlocks}; exec "$@"`, "sh", ...node], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr?.on("data", (chunk: Buffer) => console.error(chunk.toString()));
  const [line] = await once(child.stdout ?? child, "data");
  return connect(String(line).trim());
}

async function kill(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

async function close(): Promise<void> {
  await sqs?.close();
  sqs = undefined;
}

/** The next run, on the folder that the last one left behind. */
async function restart(options: SqsOptions = {}) {
  await sqs?.close();
  sqs = await startSqs({ dir, ...options });
  return connect(sqs.url);
}

async function drain(queue: TestQueue): Promise<string[]> {
  const bodies = await queue.receiveBodies();
  return bodies.length === 0 ? [] : [...bodies, ...(await drain(queue))];
}

const remove = (queue: TestQueue, ReceiptHandle: string | undefined) =>
  queue.client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));

test("kill -9 loses nothing that was acknowledged and brings back nothing that was deleted", async () => {
  const queue = await TestQueue.create(await startChild());
  const sent = new Set<string>();
  const asked = new Set<string>();
  const removed = new Set<string>();
  const produce = async (): Promise<never> => {
    const body = randomUUID();
    await queue.send(body);
    sent.add(body);
    return produce();
  };
  const consume = async (): Promise<never> => {
    const [message] = await queue.receive({ MaxNumberOfMessages: 1, WaitTimeSeconds: 1 });
    if (message?.Body) {
      asked.add(message.Body);
      await remove(queue, message.ReceiptHandle);
      removed.add(message.Body);
    }
    return consume();
  };
  const work = Promise.allSettled([...Array.from({ length: 8 }, produce), consume(), consume()]);
  await vi.waitFor(() => expect(Math.min(sent.size, removed.size)).toBeGreaterThan(50), { timeout: 15_000 });

  await kill();
  await work;
  const found = new Set(await drain(await TestQueue.open(await restart({ redeliver: true }), queue.name)));

  // A deletion that was asked for but not heard of may have been done or not.
  expect([...sent].filter((body) => !found.has(body) && !asked.has(body))).toEqual([]);
  expect([...removed].filter((body) => found.has(body))).toEqual([]);
});

test("on a full disk nothing is acknowledged that is not kept, the host is told, and the next start with room goes on", async () => {
  const queue = await TestQueue.create(await startChild("400"));
  let told = "";
  child?.stdout?.on("data", (chunk: Buffer) => {
    told += chunk.toString();
  });
  const sent: string[] = [];
  const fill = async (): Promise<never> => {
    const body = `${randomUUID()} ${"x".repeat(10_000)}`;
    await queue.send(body);
    sent.push(body);
    return fill();
  };

  await expect(Promise.all([fill(), fill(), fill()])).rejects.toThrow();
  await expect(queue.send("one more")).rejects.toThrow();
  await vi.waitFor(() => expect(told).toContain("failed"));
  await kill();
  const next = await TestQueue.open(await restart({ redeliver: true }), queue.name);
  await next.send("goes on");
  const found = await drain(next);

  expect(sent.length).toBeGreaterThan(3);
  expect(sent.filter((body) => !found.includes(body))).toEqual([]);
  expect(found).toContain("goes on");
});

test("a message is in the journal before its sender hears so", async () => {
  const queue = await TestQueue.create(await restart());
  const missing: string[] = [];

  for (let count = 0; count < 30; count++) {
    const body = randomUUID();
    await queue.send(body);
    if (!readFileSync(join(dir, "sqs.journal"), "utf8").includes(body)) missing.push(body);
  }

  expect(missing).toEqual([]);
});

test("queues, delays, deliveries and duplicates are as before after a restart", async () => {
  const before = await restart();
  const queue = await TestQueue.create(before, { VisibilityTimeout: "600", MessageRetentionPeriod: "3600" });
  const fifo = await TestQueue.create(before, { FifoQueue: "true", ContentBasedDeduplication: "true" });
  await queue.send("delayed", { DelaySeconds: 60 });
  await queue.send("held");
  const [held] = await queue.receive();
  await queue.send("waiting");
  const first = await fifo.send("once", { MessageGroupId: "a" });
  await remove(fifo, (await fifo.receive())[0]?.ReceiptHandle);

  const after = await restart();
  const sameQueue = await TestQueue.open(after, queue.name);
  const sameFifo = await TestQueue.open(after, fifo.name);
  const counts = await sameQueue.counts();
  const again = await sameFifo.send("once", { MessageGroupId: "a" });
  const next = await sameFifo.send("twice", { MessageGroupId: "a" });
  const { Attributes } = await after.send(
    new GetQueueAttributesCommand({ QueueUrl: sameQueue.url, AttributeNames: ["MessageRetentionPeriod"] }),
  );
  await remove(sameQueue, held?.ReceiptHandle);

  expect(counts).toEqual([1, 1, 1]);
  expect(await sameQueue.counts()).toEqual([1, 0, 1]);
  expect(again.MessageId).toBe(first.MessageId);
  expect(Number(next.SequenceNumber)).toBeGreaterThan(Number(first.SequenceNumber));
  expect(Attributes).toEqual({ MessageRetentionPeriod: "3600" });
});

test("a delivery that ended with its host counts towards the dead-letter queue", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(await restart(), 2, { VisibilityTimeout: "600" });
  await queue.send("kills its host");
  const deliveries: number[] = [];

  for (let run = 0; run < 3; run++) {
    const messages = await (await TestQueue.open(await restart({ redeliver: true }), queue.name)).receive();
    deliveries.push(messages.length);
  }
  const found = await (await TestQueue.open(connect(sqs?.url ?? ""), dead.name)).receiveBodies();

  expect(deliveries).toEqual([1, 1, 0]);
  expect(found).toEqual(["kills its host"]);
});

test("a last line torn by a crash is left out, and all before it is kept", async () => {
  const queue = await TestQueue.create(await restart());
  await queue.send("whole");
  await sqs?.close();
  sqs = undefined;
  await appendFile(join(dir, "sqs.journal"), `[{"op":"send","queue":"${queue.name}","mess`);

  const again = await TestQueue.open(await restart(), queue.name);

  expect(await again.receiveBodies()).toEqual(["whole"]);
});

test("wherever a crash cuts the last line off, all before it is kept and the queue goes on", async () => {
  const queue = await TestQueue.create(await restart());
  await queue.send("whole");
  const journal = join(dir, "sqs.journal");
  const before = readFileSync(journal).length;
  await queue.send("last");
  await close();
  const bytes = readFileSync(journal);
  const cuts = Array.from({ length: 8 }, (_, index) => before + Math.floor(((bytes.length - 1 - before) * index) / 7));

  for (const cut of cuts) {
    // At rest: the next run reads what the crash has left.
    await close();
    await writeFile(journal, bytes.subarray(0, cut));
    const again = await TestQueue.open(await restart(), queue.name);
    const bodies = await again.receiveBodies();
    expect(bodies, `cut at ${cut} of ${bytes.length}`).toEqual(["whole"]);
  }
});

test("a damaged journal is kept aside, and what stands before the damage is served", async () => {
  const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const queue = await TestQueue.create(await restart());
  await queue.send("before");
  await sqs?.close();
  sqs = undefined;
  await appendFile(join(dir, "sqs.journal"), "\u0000\u0000\u0000\n[]\n");

  const again = await TestQueue.open(await restart(), queue.name);

  expect(await again.receiveBodies()).toEqual(["before"]);
  expect(await readdir(dir)).toContain("sqs.journal.damaged");
  expect(report).toHaveBeenCalledWith(expect.stringContaining("damaged at line"), expect.anything());
});

test("a redrive cut off by kill -9 is taken up again: each message moved once", async () => {
  const { queue, dead } = await TestQueue.withDeadLetters(await startChild(), 1);
  const bodies = Array.from({ length: 30 }, (_, index) => `${index}`);
  for (const body of bodies) await queue.send(body);
  while ((await queue.receive({ VisibilityTimeout: 0 })).length > 0);
  await queue.client.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn, MaxNumberOfMessagesPerSecond: 50 }));
  await vi.waitFor(async () => expect((await queue.counts())[0]).toBeGreaterThan(3), { interval: 5, timeout: 20_000 });

  await kill();
  const client = await restart();
  await vi.waitFor(async () => {
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: dead.arn }));
    expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 30 }]);
  }, 20_000);

  const moved = await drain(await TestQueue.open(client, queue.name));
  expect(moved.map(Number).sort((a, b) => a - b)).toEqual(bodies.map(Number));
  expect(await (await TestQueue.open(client, dead.name)).counts()).toEqual([0, 0, 0]);
});

test("the journal does not grow without end: what is gone is dropped while it runs", async () => {
  const queue = await TestQueue.create(await restart());
  const megabyte = "x".repeat(1_000_000);
  for (let count = 0; count < 20; count++) {
    await queue.send(megabyte);
    for (const { ReceiptHandle } of await queue.receive()) await remove(queue, ReceiptHandle);
  }

  await queue.send("kept");
  await sqs?.close();
  const { size } = await stat(join(dir, "sqs.journal"));
  sqs = await startSqs({ dir });

  expect(size).toBeLessThan(8_000_000);
  expect(await (await TestQueue.open(connect(sqs.url), queue.name)).receiveBodies()).toEqual(["kept"]);
});
