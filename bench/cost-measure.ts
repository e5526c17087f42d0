import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as Db from "@tapi/core/db";
import * as Queue from "@tapi/core/queue";
import * as Refresh from "@tapi/core/refresh";
import * as Schedule from "@tapi/core/schedule";
import * as Token from "@tapi/core/token";
import type { QueueName, RefreshQueue } from "@tapi/core/topology";
import { queues, refreshQueues } from "@tapi/core/topology";
import * as State from "../packages/core/src/refresh/state.ts";
import { type Message, receive, consumed as remove } from "../packages/core/test/dead-letter.ts";
import type { SoakStack } from "./soak-stack.ts";

export type Kind = "first" | "changed" | "unchanged";

/** One dataset's refreshes of one kind. */
export interface Refreshes {
  count: number;
  readUnits: number;
  writeUnits: number;
}

/** What a while of the product's life took, for all corporations together. */
export interface Units {
  readUnits: number;
  writeUnits: number;
  sqsRequests: number;
  invocations: number;
  lambdaGbSeconds: number;
  kmsCalls: number;
  refreshes: number;
  /** Bytes by which the table grew. */
  grownBytes: number;
}

/** A function gets a whole CPU at this size. */
const mbPerCpu = 1769;
/** Waits that a machine with everything on board does not have: ESI's answer, and a call to DynamoDB or SQS. */
const esiWaitMs = 200;
const callWaitMs = 5;

const parsed = (message: Message) => Refresh.Message.parse(JSON.parse(message.Body ?? ""));

async function receiveBatch(queue: QueueName): Promise<Message[]> {
  const batch: Message[] = [];
  while (batch.length < queues[queue].batchSize) {
    const message = await receive(queue, 0);
    if (!message) break;
    batch.push(message);
  }
  return batch;
}

/** An eventually consistent scan is charged half a unit for 4 KB: the table's size without asking for it. */
async function tableBytes(): Promise<number> {
  let units = 0;
  let from: Record<string, unknown> | undefined;
  do {
    const page = await Db.client().send(
      new ScanCommand({
        TableName: Db.table(),
        ReturnConsumedCapacity: "TOTAL",
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    units += page.ConsumedCapacity?.CapacityUnits ?? 0;
    from = page.LastEvaluatedKey;
  } while (from);
  return units * 8192;
}

/** Runs the product minute by minute, one batch after the other, and writes down what each took. */
export class Meter {
  readonly byDataset = new Map<string, Record<Kind, Refreshes>>();
  #units: Units = empty();
  readonly #stack: SoakStack;
  /** SQS requests of producers, as the client sent them. */
  #sends = 0;
  #kms: () => number;

  constructor(stack: SoakStack, kms: () => number) {
    this.#stack = stack;
    this.#kms = kms;
    Queue.client().middlewareStack.add(
      (next, context) => (args) => {
        if (context.commandName === "SendMessageBatchCommand") this.#sends += 1;
        return next(args);
      },
      { step: "initialize", name: "cost" },
    );
  }

  /** Lets this many minutes pass; returns what they took. */
  async run(minutes: number): Promise<Units> {
    this.#units = empty();
    this.#sends = 0;
    const [kmsBefore, bytesBefore] = [this.#kms(), await tableBytes()];
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.#stack.advance(60);
      await this.#charge(() => this.#stack.system(() => Schedule.tick()));
      for (const queue of refreshQueues) await this.#drain(queue);
      await this.#drainRealtime();
    }
    this.#units.sqsRequests += this.#sends;
    this.#units.kmsCalls = this.#kms() - kmsBefore;
    this.#units.grownBytes = Math.max(0, (await tableBytes()) - bytesBefore);
    return this.#units;
  }

  async #charge<T>(body: () => Promise<T>): Promise<Db.Consumed> {
    const { consumed } = await Db.metered(body);
    this.#units.readUnits += consumed.readUnits;
    this.#units.writeUnits += consumed.writeUnits;
    return consumed;
  }

  /** One invocation: its waits run side by side, its work does not. One request took the batch, one deletes it. */
  #invoked(memoryMb: number, cpuMs: number, waitMs: number): void {
    this.#units.invocations += 1;
    this.#units.sqsRequests += 2;
    this.#units.lambdaGbSeconds += ((cpuMs * mbPerCpu) / memoryMb + waitMs) * 1e-3 * (memoryMb / 1024);
  }

  async #drain(queue: RefreshQueue): Promise<void> {
    for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) {
      const before = process.cpuUsage();
      let requests = 0;
      for (const message of batch) requests = Math.max(requests, await this.#refresh(message));
      requests += (await this.#charge(() => Token.flushUses())).requests;
      const { user, system } = process.cpuUsage(before);
      this.#invoked(queues[queue].memoryMb, (user + system) / 1000, esiWaitMs + requests * callWaitMs);
      for (const message of batch) await remove(queue, message);
    }
  }

  async #refresh(message: Message): Promise<number> {
    const { corporationId, dataset } = parsed(message);
    const before = await State.find(corporationId, dataset);
    const consumed = await this.#charge(() => this.#stack.system(() => Refresh.run(parsed(message))));
    const after = await State.find(corporationId, dataset);
    this.#units.refreshes += 1;
    const kind = !before?.version ? "first" : after?.version === before.version ? "unchanged" : "changed";
    const known = this.byDataset.get(dataset) ?? { first: none(), changed: none(), unchanged: none() };
    this.byDataset.set(dataset, known);
    known[kind].count += 1;
    known[kind].readUnits += consumed.readUnits;
    known[kind].writeUnits += consumed.writeUnits;
    return consumed.requests;
  }

  /** Nobody looks: a notice finds no connection, which takes a query. */
  async #drainRealtime(): Promise<void> {
    for (let batch = await receiveBatch("realtime"); batch.length > 0; batch = await receiveBatch("realtime")) {
      this.#invoked(queues.realtime.memoryMb, 2 * batch.length, callWaitMs);
      this.#units.readUnits += 0.5 * batch.length;
      for (const message of batch) await remove("realtime", message);
    }
  }
}

const none = (): Refreshes => ({ count: 0, readUnits: 0, writeUnits: 0 });

const empty = (): Units => ({
  readUnits: 0,
  writeUnits: 0,
  sqsRequests: 0,
  invocations: 0,
  lambdaGbSeconds: 0,
  kmsCalls: 0,
  refreshes: 0,
  grownBytes: 0,
});
