import * as z from "zod";
import { keyOf, Owner } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Limit from "../../platform/limit/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { refreshableAt, requestableAt } from "../freshness/index.ts";
import { datasetsOf, kindOf } from "../kind/index.ts";
import * as State from "../state/index.ts";
import { sendNow } from "./send.ts";

const Owned = z.object({ owner: Owner });

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

const byName = (states: readonly State.State[]) => new Map(states.map((state) => [state.dataset, state]));

/** The state of a dataset, and of what it follows. */
async function statesFor(owner: Owner, { name, detailOf, follows }: Dataset) {
  if (follows) return byName(await State.list(owner));
  const names = [name, ...(detailOf === undefined ? [] : [detailOf])];
  const states = await Promise.all(names.map((each) => State.find(owner, each)));
  return byName(states.filter((state) => state !== undefined));
}

/** A dataset and, as what is new in a detail may have to be in its list first, the list. */
async function wantedBy(owner: Owner, dataset: Dataset): Promise<Wanted[]> {
  const states = await statesFor(owner, dataset);
  const list = states.get(dataset.detailOf ?? "");
  const itself = { dataset, state: states.get(dataset.name), at: requestableAt(dataset, states) };
  if (!list) return [itself];
  return [itself, { dataset: datasetsOf(owner).get(list.dataset), state: list, at: refreshableAt(list, undefined) }];
}

/** Ends the back-offs and sends, as a person's wish: fetchers who were refused a moment ago are asked again. */
const queueNow = (owner: Owner, wanted: readonly Wanted[]): Promise<void> =>
  Actor.provide({ type: "system", name: "refresh-request" }, async () => {
    await Promise.all(wanted.map(({ state, at }) => state && State.hasten(state, at)));
    await sendNow(
      owner,
      wanted.map(({ dataset }) => dataset.name),
      "user",
    );
  });

/** What failed has no expiry that would bound how often a person has it tried again; each refusal costs five tokens. */
const triesOfFailed: Limit.Policy = { name: "refresh", quota: 6, windowSeconds: 60 };
const triesOfAll: Limit.Policy = { name: "refresh-all", quota: 2, windowSeconds: 60 };

/** From when one more try is allowed (epoch ms): now, unless too many have been made within the minute. */
async function allowedAt(policy: Limit.Policy, subject: string, now: number): Promise<number> {
  const { allowed, resetSeconds } = await Limit.take(policy, subject);
  return allowed ? now : now + resetSeconds * 1000;
}

const tooEarly = (at: number): Refreshed => ({ status: "too_early", nextPossibleAt: new Date(at).toISOString() });

/** "Refresh now": honours ESI's expiry, and says when the next refresh is possible. */
export const request = fn(
  Owned.extend({ dataset: z.string() }),
  async ({ owner, dataset: name }): Promise<Refreshed> => {
    const { requireReader, requireActive, datasets } = kindOf(owner);
    await requireReader(owner);
    await requireActive(owner);
    const all = await wantedBy(owner, datasets.get(name));
    const now = Date.now();
    const possible = all.filter(({ at }) => at <= now);
    if (possible.length === 0) return tooEarly(Math.min(...all.map((each) => each.at)));
    if (possible.some(({ state }) => (state?.failures ?? 0) > 0)) {
      const at = await allowedAt(triesOfFailed, `${keyOf(owner)}#${name}`, now);
      if (at > now) return tooEarly(at);
    }
    await queueNow(owner, possible);
    return { status: "queued" };
  },
);

/** "Refresh all": every dataset of which ESI may have something newer, or which failed, and is not being fetched already. */
export const requestAll = fn(Owned, async ({ owner }): Promise<Refreshed> => {
  const { requireReader, requireActive, datasets } = kindOf(owner);
  await requireReader(owner);
  await requireActive(owner);
  const known = byName(await State.list(owner));
  const now = Date.now();
  const all = datasets.datasets.map((dataset) => {
    return { dataset, state: known.get(dataset.name), at: requestableAt(dataset, known) };
  });
  const possible = all.filter(({ state, at }) => at <= now && (state?.leaseUntil ?? 0) <= now);
  if (possible.length === 0) return tooEarly(Math.min(...all.map(({ at }) => Math.max(at, now + 1))));
  const at = await allowedAt(triesOfAll, keyOf(owner), now);
  if (at > now) return tooEarly(at);
  await queueNow(owner, possible);
  return { status: "queued" };
});
