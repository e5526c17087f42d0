import * as Refresh from "@tapi/core/engine/refresh";
import * as Token from "@tapi/core/identity/token";
import { mapConcurrent } from "@tapi/core/platform/parallel";
import { type RefreshQueue, refreshQueues } from "@tapi/core/platform/topology";
import { consumed, type Message, receiveBatch } from "../packages/core/test/queues.ts";
import type { Chance } from "./chance.ts";
import { bury, mayDie } from "./soak-kill.ts";
import type { SoakStack } from "./soak-stack.ts";

export interface Pumped {
  delivered: number;
  duplicates: number;
  failed: number;
  killed: number;
}

/** SQS delivers some messages twice; this share, at once with the first. */
const duplicateShare = 0.05;
/** Messages worked on side by side. */
export const workers = 12;

interface Pumping {
  stack: SoakStack;
  chance: Chance;
  /** Of the messages so many kill their worker. */
  killShare: number;
}

interface Received {
  queue: RefreshQueue;
  message: Message;
}

async function receiveAll(queue: RefreshQueue): Promise<Received[]> {
  const all: Message[] = [];
  for (let batch = await receiveBatch(queue); batch.length > 0; batch = await receiveBatch(queue)) all.push(...batch);
  return all.map((message) => ({ queue, message }));
}

/** One message's work, now and then twice at once or cut short. Whether the message is done with. */
async function work({ message }: Received, { stack, chance, killShare }: Pumping, pumped: Pumped): Promise<boolean> {
  const body = Refresh.Message.parse(JSON.parse(message.Body ?? ""));
  await bury(stack, body);
  const run = () => stack.system(() => Refresh.run(body));
  const twice = chance.next() < duplicateShare;
  pumped.delivered += 1;
  if (twice) pumped.duplicates += 1;
  const [first, second] = await Promise.allSettled([
    mayDie(chance, killShare, body, run),
    twice ? run() : Promise.resolve(),
  ]);
  const broken = [first, second].find((each) => each.status === "rejected");
  if (broken) {
    pumped.failed += 1;
    console.error(body.owner.id, ...body.datasets, broken.reason);
    return false;
  }
  const hasDied = first.status === "fulfilled" && first.value;
  if (hasDied) pumped.killed += 1;
  return !hasDied;
}

/** Works on every message that is in the queues now, in any order. One that failed, or killed its worker, stays in its queue. */
export async function pump(pumping: Pumping): Promise<Pumped> {
  const pumped: Pumped = { delivered: 0, duplicates: 0, failed: 0, killed: 0 };
  for (;;) {
    const received = pumping.chance.shuffle((await Promise.all(refreshQueues.map(receiveAll))).flat());
    if (received.length === 0) break;
    const done: Received[] = [];
    await mapConcurrent(workers, received, async (each) => {
      if (await work(each, pumping, pumped)) done.push(each);
    });
    const doneOf = (queue: RefreshQueue) => done.filter((each) => each.queue === queue).map(({ message }) => message);
    await Promise.all(refreshQueues.map((queue) => consumed(queue, doneOf(queue))));
  }
  await Token.flushUses();
  return pumped;
}
