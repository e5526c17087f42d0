import type { Owner } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as State from "../state/index.ts";

export { fetchFirst, keepFirst } from "./first.ts";
export { Message } from "./message.ts";
export { sweepIfGone } from "./orphans.ts";
export { Refreshed, request, requestAll } from "./request.ts";
export { run } from "./run.ts";
export { sendNow } from "./send.ts";
export { UnfinishedError } from "./unfinished.ts";

/** Forgets what is known of one dataset's freshness: the next refresh is a first one. */
export async function forget(owner: Owner, dataset: string): Promise<void> {
  Actor.assertSystem();
  await State.remove(owner, dataset);
}
