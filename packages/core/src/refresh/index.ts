import * as z from "zod";
import * as Access from "../access/index.ts";
import * as Actor from "../actor/index.ts";
import { Datasets } from "../corporation/index.ts";
import { find } from "../corporation/registry.ts";
import type { Dataset } from "../dataset/index.ts";
import { VisibleError } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import * as Limit from "../limit/index.ts";
import * as Log from "../log/index.ts";
import * as Schedule from "../schedule/index.ts";
import { asItsList, listOf, possibleAt } from "./follow.ts";
import { type Freshness, freshnessOf } from "./freshness.ts";
import * as State from "./state.ts";

export { compactAll } from "./compact.ts";
export { Freshness } from "./freshness.ts";
export { address } from "./ingest.ts";
export { monthsBetween, readLedger } from "./ledger.ts";
export { Message } from "./message.ts";
export { run } from "./run.ts";

const Id = z.object({ corporationId: z.int().positive() });

function stateOf({ name, detailOf }: Dataset, known: ReadonlyMap<string, State.State>): State.State | undefined {
  const state = known.get(name);
  return state && detailOf !== undefined ? asItsList(state, known.get(detailOf)) : state;
}

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
    freshnessOf(dataset, stateOf(dataset, known), { now, tier, slowed, sentAt: sent[dataset.name] }),
  );
});

export const Refreshed = z.discriminatedUnion("status", [
  z.object({ status: z.literal("queued") }),
  z.object({ status: z.literal("too_early"), nextPossibleAt: z.iso.datetime() }),
]);
export type Refreshed = z.infer<typeof Refreshed>;

interface Wanted {
  dataset: Dataset;
  state: State.State | undefined;
  /** From when a person may ask for it. */
  at: number;
}

/** A dataset and, as what is new in a detail may have to be in its list first, the list. */
async function wantedBy(corporationId: number, dataset: Dataset): Promise<Wanted[]> {
  const [state, list] = await Promise.all([State.find(corporationId, dataset.name), listOf(corporationId, dataset)]);
  const itself = { dataset, state, at: possibleAt(state, list) };
  if (!list) return [itself];
  return [itself, { dataset: Datasets.get(list.dataset), state: list, at: possibleAt(list, undefined) }];
}

/** Ends the back-offs and sends, as a person's wish: directors who were refused a moment ago are asked again. */
const queueNow = (corporationId: number, wanted: readonly Wanted[]): Promise<void> =>
  Actor.provide({ type: "system", name: "refresh-request" }, async () => {
    await Promise.all(wanted.map(({ state, at }) => state && State.hasten(state, at)));
    const some = wanted.map(({ dataset }) => ({ dataset: dataset.name }));
    await Schedule.sendNow(corporationId, some, "user");
  });

/** What failed has no expiry that would bound how often a person has it tried again; each refusal costs five tokens. */
const triesOfFailed: Limit.Policy = { name: "refresh", quota: 6, windowSeconds: 60 };
const triesOfAll: Limit.Policy = { name: "refresh-all", quota: 2, windowSeconds: 60 };

/** From when one more try is allowed (epoch ms): now, unless too many have been made within the minute. */
async function allowedAt(policy: Limit.Policy, subject: string, now: number): Promise<number> {
  const { allowed, resetSeconds } = await Limit.take(policy, subject);
  return allowed ? now : now + resetSeconds * 1000;
}

async function requireActive(corporationId: number): Promise<void> {
  if ((await find(corporationId))?.status === undefined) return;
  throw new VisibleError(
    "conflict",
    "corporation.inactive",
    "Nothing is fetched of this corporation any more. A director who adds it again makes it active.",
  );
}

const tooEarly = (at: number): Refreshed => ({ status: "too_early", nextPossibleAt: new Date(at).toISOString() });

/** "Refresh now": honours ESI's expiry, and says when the next refresh is possible. */
export const request = fn(
  Id.extend({ dataset: z.string() }),
  async ({ corporationId, dataset: name }): Promise<Refreshed> => {
    await Access.requireCorporation(corporationId);
    await requireActive(corporationId);
    const dataset = Datasets.get(name);
    const all = await wantedBy(corporationId, dataset);
    const now = Date.now();
    const possible = all.filter(({ at }) => at <= now);
    if (possible.length === 0) {
      return tooEarly(Math.min(...all.map((each) => each.at)));
    }
    if (possible.some(({ state }) => (state?.failures ?? 0) > 0)) {
      const at = await allowedAt(triesOfFailed, `${corporationId}#${name}`, now);
      if (at > now) return tooEarly(at);
    }
    await queueNow(corporationId, possible);
    return { status: "queued" };
  },
);

/** "Refresh all": every dataset of which ESI may have something newer, or which failed, and is not being fetched already. */
export const requestAll = fn(Id, async ({ corporationId }): Promise<Refreshed> => {
  await Access.requireCorporation(corporationId);
  await requireActive(corporationId);
  const known = new Map((await State.list(corporationId)).map((state) => [state.dataset, state]));
  const now = Date.now();
  const all = Datasets.datasets.map((dataset) => {
    const state = known.get(dataset.name);
    const list = dataset.detailOf === undefined ? undefined : known.get(dataset.detailOf);
    return { dataset, state, at: possibleAt(state, list) };
  });
  const possible = all.filter(({ state, at }) => at <= now && (state?.leaseUntil ?? 0) <= now);
  if (possible.length === 0) return tooEarly(Math.min(...all.map(({ at }) => Math.max(at, now + 1))));
  const at = await allowedAt(triesOfAll, String(corporationId), now);
  if (at > now) return tooEarly(at);
  await queueNow(corporationId, possible);
  return { status: "queued" };
});

/** Forgets what is known of one dataset's freshness: the next refresh is a first one. */
export async function forget(corporationId: number, dataset: string): Promise<void> {
  Actor.assertSystem();
  await State.remove(corporationId, dataset);
}
