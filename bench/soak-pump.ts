import * as Refresh from "@tapi/core/refresh";
import * as Token from "@tapi/core/token";
import { type RefreshQueue, refreshQueues } from "@tapi/core/topology";
import { consumed, type Message, receive } from "../packages/core/test/dead-letter.ts";
import type { Chance } from "./chance.ts";
import type { SoakStack } from "./soak-stack.ts";

export interface Pumped {
  delivered: number;
  duplicates: number;
  failed: number;
}

/** SQS delivers some messages twice; this share, at once with the first. */
const duplicateShare = 0.05;
/** Messages worked on side by side. */
const lanes = 12;

interface Received {
  queue: RefreshQueue;
  message: Message;
}

async function receiveAll(queue: RefreshQueue): Promise<Received[]> {
  const all: Received[] = [];
  for (let message = await receive(queue, 0); message; message = await receive(queue, 0)) {
    all.push({ queue, message });
  }
  return all;
}

/** Works on every message that is in the queues now, in any order, some of them twice. A failed one stays in its queue. */
export async function pump({ system }: SoakStack, chance: Chance): Promise<Pumped> {
  const pumped: Pumped = { delivered: 0, duplicates: 0, failed: 0 };
  const work = async ({ queue, message }: Received) => {
    const body = Refresh.Message.parse(JSON.parse(message.Body ?? ""));
    const twice = chance.next() < duplicateShare;
    pumped.delivered += 1;
    if (twice) pumped.duplicates += 1;
    const results = await Promise.allSettled(
      Array.from({ length: twice ? 2 : 1 }, () => system(() => Refresh.run(body))),
    );
    if (results[0]?.status === "rejected") {
      pumped.failed += 1;
      console.error(body.corporationId, body.dataset, results[0].reason);
      return;
    }
    await consumed(queue, message);
  };
  for (;;) {
    const received = chance.shuffle((await Promise.all(refreshQueues.map(receiveAll))).flat());
    if (received.length === 0) break;
    const iterator = received.values();
    const lane = async () => {
      for (const each of iterator) await work(each);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
  await Token.flushUses();
  return pumped;
}
