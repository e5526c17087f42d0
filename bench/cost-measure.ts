import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as Refresh from "@tapi/core/engine/refresh";
import * as Schedule from "@tapi/core/engine/schedule";
import * as Token from "@tapi/core/identity/token";
import * as Owner from "@tapi/core/owner";
import * as Db from "@tapi/core/platform/db";
import { type QueueName, queues } from "@tapi/core/platform/topology";
import * as State from "../packages/core/src/engine/state/index.ts";
import { eventOf, type Message, consumed as remove } from "../packages/core/test/queues.ts";
import { consume } from "../packages/functions/src/queue/consume.ts";
import { functions } from "../packages/functions/src/topology.ts";
import { takeBatches, watchSends } from "./cost-batches.ts";
import { billedMs, callWaitMs, esiWaitMs, gbSeconds, observed, tickWaitMs } from "./cost-lambda.ts";
import type { SoakStack } from "./soak-stack.ts";

export type Kind = "first" | "changed" | "unchanged";

/** One dataset's refreshes of one kind. */
export interface Refreshes {
  count: number;
  readUnits: number;
  writeUnits: number;
  /** Its share of what Lambda bills for its batches. */
  lambdaMs: number;
}

/** What a while of the product's life took, for all corporations together. */
export interface Units {
  refreshes: number;
  writeUnits: number;
  readUnits: number;
  sqsRequests: number;
  invocations: number;
  lambdaGbSeconds: number;
  kmsCalls: number;
  loggedBytes: number;
  /** Bytes by which the table grew. */
  grownBytes: number;
}

/** A round of the scheduler with nothing to look at. */
export interface IdleTick {
  gbSeconds: number;
  readUnits: number;
  writeUnits: number;
  loggedBytes: number;
}

/** An eventually consistent scan is charged half a unit for 4 KB: the table's size without asking for it. */
export async function tableBytes(): Promise<number> {
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

interface Worked {
  corporationId: number;
  datasets: readonly string[];
  consumed: Db.Consumed;
}

/** What the datasets of one batch share. */
interface Shared {
  flushed: Db.Consumed;
  /** Of one of them. */
  lambdaMs: number;
  sharers: number;
}

/** Runs the product minute by minute, one batch after the other, and writes down what each took. */
export class Meter {
  /** Forgets nothing between runs. */
  readonly byDataset = new Map<string, Record<Kind, Refreshes>>();
  #units: Units = empty();
  readonly #stack: SoakStack;
  readonly #idleTick: IdleTick;
  readonly #kms: () => number;
  readonly #sends = watchSends();
  /** Version of each dataset when it was last refreshed here. */
  readonly #versions = new Map<string, number>();

  /** `kms` tells how many calls KMS has had. */
  constructor(stack: SoakStack, { idleTick, kms }: { idleTick: IdleTick; kms: () => number }) {
    this.#stack = stack;
    this.#idleTick = idleTick;
    this.#kms = kms;
  }

  /** Lets this many minutes pass; returns what they took. */
  async run(minutes: number): Promise<Units> {
    this.#units = empty();
    const [kmsBefore, bytesBefore, sendsBefore] = [this.#kms(), await tableBytes(), this.#sends.requests()];
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.#stack.advance(60);
      await this.#tick();
      for (const queue of Object.keys(queues) as QueueName[]) await this.#drain(queue);
    }
    this.#units.sqsRequests += this.#sends.requests() - sendsBefore;
    this.#units.kmsCalls = this.#kms() - kmsBefore;
    this.#units.grownBytes = Math.max(0, (await tableBytes()) - bytesBefore);
    return this.#units;
  }

  #charge({ readUnits, writeUnits }: Db.Consumed): void {
    this.#units.readUnits += readUnits;
    this.#units.writeUnits += writeUnits;
  }

  #bill(memoryMb: number, cpuMs: number, waitMs: number): number {
    const ms = billedMs(memoryMb, cpuMs, waitMs);
    this.#units.invocations += 1;
    this.#units.lambdaGbSeconds += gbSeconds(ms, memoryMb);
    return ms;
  }

  /** What a round takes beyond one with nothing to look at, which the idle stack pays for. */
  async #tick(): Promise<void> {
    const { result, cpuMs, loggedBytes } = await observed(() =>
      Db.metered(() => this.#stack.system(() => Schedule.tick())),
    );
    const idle = this.#idleTick;
    const units = this.#units;
    const { memoryMb } = functions.scheduler;
    units.readUnits += Math.max(0, result.consumed.readUnits - idle.readUnits);
    units.writeUnits += Math.max(0, result.consumed.writeUnits - idle.writeUnits);
    units.loggedBytes += Math.max(0, loggedBytes - idle.loggedBytes);
    units.lambdaGbSeconds += Math.max(0, gbSeconds(billedMs(memoryMb, cpuMs, tickWaitMs), memoryMb) - idle.gbSeconds);
  }

  async #drain(queue: QueueName): Promise<void> {
    const batches = await takeBatches(queue, this.#sends.arrivals);
    if (queue === "realtime" && batches.length > 0) throw new Error("nobody listens, and yet there is news");
    for (const batch of batches) await this.#work(queue, batch);
  }

  /** One invocation. One request took the batch, one deletes it. */
  async #work(queue: QueueName, batch: Message[]): Promise<void> {
    const worked: Worked[] = [];
    let failure: unknown;
    let flushed: Db.Consumed = { readUnits: 0, writeUnits: 0, requests: 0 };
    const handler = consume(
      Refresh.Message,
      async (message) => {
        const { consumed } = await Db.metered(() => Refresh.run(message)).catch((cause: unknown) => {
          failure = cause;
          throw cause;
        });
        worked.push({ ...message, corporationId: message.owner.id, consumed });
      },
      {
        afterBatch: async () => {
          flushed = (await Db.metered(Token.flushUses)).consumed;
        },
      },
    );
    const { result, cpuMs, loggedBytes } = await observed(() => handler(eventOf(queue, batch)));
    if (result.batchItemFailures.length > 0) throw new Error(`a refresh of ${queue} failed`, { cause: failure });
    await remove(queue, batch);
    this.#units.sqsRequests += 2;
    this.#units.loggedBytes += loggedBytes;
    for (const { consumed } of [...worked, { consumed: flushed }]) this.#charge(consumed);
    const requests = Math.max(...worked.map(({ consumed }) => consumed.requests)) + flushed.requests;
    const ms = this.#bill(queues[queue].memoryMb, cpuMs, esiWaitMs + requests * callWaitMs);
    const sharers = worked.reduce((sum, { datasets }) => sum + datasets.length, 0);
    for (const each of worked) {
      for (const dataset of each.datasets)
        await this.#note(dataset, each, { flushed, lambdaMs: ms / sharers, sharers });
    }
  }

  /** What is written once a batch is shared by its refreshes, and what a message takes by its datasets. */
  async #note(dataset: string, { corporationId, datasets, consumed }: Worked, { flushed, lambdaMs, sharers }: Shared) {
    const key = `${corporationId}/${dataset}`;
    const before = this.#versions.get(key);
    const version = (await State.find(Owner.corporation(corporationId), dataset))?.version ?? 0;
    this.#versions.set(key, version);
    this.#units.refreshes += 1;
    const kind = before === undefined ? "first" : version === before ? "unchanged" : "changed";
    const known = this.byDataset.get(dataset) ?? { first: none(), changed: none(), unchanged: none() };
    this.byDataset.set(dataset, known);
    known[kind].count += 1;
    known[kind].readUnits += consumed.readUnits / datasets.length + flushed.readUnits / sharers;
    known[kind].writeUnits += consumed.writeUnits / datasets.length + flushed.writeUnits / sharers;
    known[kind].lambdaMs += lambdaMs;
  }
}

const none = (): Refreshes => ({ count: 0, readUnits: 0, writeUnits: 0, lambdaMs: 0 });

const empty = (): Units => ({
  refreshes: 0,
  writeUnits: 0,
  readUnits: 0,
  sqsRequests: 0,
  invocations: 0,
  lambdaGbSeconds: 0,
  kmsCalls: 0,
  loggedBytes: 0,
  grownBytes: 0,
});
