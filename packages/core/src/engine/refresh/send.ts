import type { Owner } from "../../owner/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import { refreshQueues } from "../../platform/topology/index.ts";
import { datasetsOf } from "../kind/index.ts";
import { Message } from "./message.ts";

/** Sends datasets of one owner, by name, without waiting for the scheduler, whatever the queues' paces. */
export async function sendNow(
  owner: Owner,
  names: readonly string[],
  reason: Message["reason"],
  delaySeconds = 0,
): Promise<void> {
  const { get } = datasetsOf(owner);
  await Promise.all(
    refreshQueues.map((queue) => {
      const own = names.filter((name) => get(name).queue === queue);
      if (own.length === 0) return undefined;
      return Queue.send(queue, Message, [{ message: { owner, datasets: own, reason }, delaySeconds }]);
    }),
  );
}
