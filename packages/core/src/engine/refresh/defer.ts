import * as Esi from "../../eve/esi/index.ts";
import * as Log from "../../platform/log/index.ts";
import * as Queue from "../../platform/queue/index.ts";
import { lostAfterMs } from "../agenda/cadence.ts";
import type { Dataset } from "../dataset/index.ts";
import { Message } from "./message.ts";

/** What has waited for the same moment does not come back in one second. */
const spreadMs = 5_000;
/** The scheduler sends again what has not come back for so long: by then the message that was put off is no more. */
const longestMs = lostAfterMs - 60_000;

/**
 * Whether a message is put off, since ESI is not to be asked at present. To take the lease, to be refused and to write that
 * down would cost two write units; this costs none. Nothing is shown on the board, which shows the cause of the pause already.
 */
export async function isDeferred(message: Message, dataset: Dataset): Promise<boolean> {
  const { owner, reason } = message;
  const interactive = reason === "user";
  const until = await Esi.pausedUntil(dataset.operations[0], { owner: owner.id, interactive });
  const now = Date.now();
  if (until <= now) return false;
  const { deferredSince = now } = message;
  const isGivenUp = until - deferredSince >= longestMs;
  Log.info("put off: ESI is not to be asked", { until, isGivenUp });
  if (isGivenUp) return true;
  const delaySeconds = (until - now + Math.random() * spreadMs) / 1000;
  await Queue.send(dataset.queue, Message, [
    { message: { ...message, datasets: [dataset.name], deferredSince }, delaySeconds },
  ]);
  return true;
}
