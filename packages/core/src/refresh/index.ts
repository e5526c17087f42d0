import * as z from "zod";
import * as Access from "../access/index.ts";
import * as Actor from "../actor/index.ts";
import { Datasets } from "../corporation/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fn } from "../fn/index.ts";
import * as Log from "../log/index.ts";
import * as Queue from "../queue/index.ts";
import * as Schedule from "../schedule/index.ts";
import { type Freshness, freshnessOf } from "./freshness.ts";
import { Message } from "./message.ts";
import * as State from "./state.ts";

export { compactAll } from "./compact.ts";
export { Freshness } from "./freshness.ts";
export { address } from "./ingest.ts";
export { monthsBetween, readLedger } from "./ledger.ts";
export { Message } from "./message.ts";
export { run } from "./run.ts";

const Id = z.object({ corporationId: z.int().positive() });

/** How fresh each dataset of a corporation is, and why not fresher. */
export const board = fn(Id, async ({ corporationId }): Promise<Freshness[]> => {
  await Access.requireCorporation(corporationId);
  const [states, standing] = await Promise.all([State.list(corporationId), Schedule.standingOf(corporationId)]);
  // Only now: this look ends the slow pace that the answer is to tell of.
  await Schedule.viewed(corporationId).catch((error: unknown) => Log.warn("look not noted", { error, corporationId }));
  const known = new Map(states.map((state) => [state.dataset, state]));
  const { tier, sent = {}, slowed } = standing ?? {};
  const now = Date.now();
  return Datasets.datasets.map((dataset) =>
    freshnessOf(dataset, known.get(dataset.name), { now, tier, slowed, sentAt: sent[dataset.name] }),
  );
});

export const Refreshed = z.discriminatedUnion("status", [
  z.object({ status: z.literal("queued") }),
  z.object({ status: z.literal("too_early"), nextPossibleAt: z.iso.datetime() }),
]);
export type Refreshed = z.infer<typeof Refreshed>;

/** From when a person may ask for a refresh: ESI's expiry, never a back-off of ours. */
const possibleAt = (state: State.State | undefined): number => state?.staleAt ?? 0;

async function queueNow(corporationId: number, dataset: Dataset, state: State.State | undefined): Promise<void> {
  if (state) await State.hasten(state);
  await Queue.send(dataset.queue, Message, [{ message: { corporationId, dataset: dataset.name, reason: "user" } }]);
}

/** "Refresh now": honours ESI's expiry, and says when the next refresh is possible. */
export const request = fn(
  Id.extend({ dataset: z.string() }),
  async ({ corporationId, dataset: name }): Promise<Refreshed> => {
    await Access.requireCorporation(corporationId);
    const dataset = Datasets.get(name);
    const state = await State.find(corporationId, name);
    const at = possibleAt(state);
    if (at > Date.now()) return { status: "too_early", nextPossibleAt: new Date(at).toISOString() };
    await Actor.provide({ type: "system", name: "refresh-request" }, () => queueNow(corporationId, dataset, state));
    return { status: "queued" };
  },
);

/** Forgets what is known of one dataset's freshness: the next refresh is a first one. */
export async function forget(corporationId: number, dataset: string): Promise<void> {
  Actor.assertSystem();
  await State.remove(corporationId, dataset);
}
