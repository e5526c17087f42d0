import * as Actor from "../actor/index.ts";
import * as Datasets from "../corporation/datasets/index.ts";
import * as Directors from "../corporation/directors.ts";
import * as Corporation from "../corporation/index.ts";
import type { Dataset } from "../dataset/index.ts";
import { fn } from "../fn/index.ts";
import * as Log from "../log/index.ts";
import * as Queue from "../queue/index.ts";
import * as Realtime from "../realtime/index.ts";
import { isHurried } from "../schedule/cadence.ts";
import * as Schedule from "../schedule/index.ts";
import { attempt } from "./attempt.ts";
import { isDeferred } from "./defer.ts";
import { asItsList, listOf } from "./follow.ts";
import { Message } from "./message.ts";
import { isFirst, sweep, sweepIfGone } from "./orphans.ts";
import { retentionOf } from "./retention.ts";
import { settle, settleFailure } from "./settle.ts";
import { find, glance, holding, LeaseLostError, lease, release, type State } from "./state.ts";

const sendAll = (some: readonly Dataset[], corporationId: number, reason: Message["reason"]) =>
  Promise.all(
    some.map(({ name: dataset, queue }) =>
      Queue.send(queue, Message, [{ message: { corporationId, dataset, reason } }]),
    ),
  );

/**
 * Datasets made from this one that have waited for its first rows are fetched at once, so that names do not come minutes
 * after what they name. Should this message be lost, the scheduler's next round sends it.
 */
async function sendWaiting({ corporationId }: State, { name }: Dataset): Promise<void> {
  const dependent = Datasets.datasets.filter(({ after = [] }) => after.includes(name));
  if (dependent.length === 0) return;
  const known = await glance(corporationId);
  const fetched = new Set(known.filter(({ refreshedAt }) => refreshedAt !== undefined).map(({ dataset }) => dataset));
  const waiting = dependent.filter(
    (each) => !fetched.has(each.name) && (each.after ?? []).every((other) => fetched.has(other)),
  );
  await sendAll(waiting, corporationId, "schedule");
}

/** Details of a list that has changed, where a person waits or a minute is too long for the scheduler to find out. */
async function sendDetails({ corporationId, reason }: Message, { name }: Dataset): Promise<void> {
  await sendAll(
    Datasets.datasets.filter(({ detailOf }) => detailOf === name),
    corporationId,
    reason,
  );
}

interface Given {
  message: Message;
  corporation: Corporation.Registered;
  list: State | undefined;
}

async function sendNext(before: State, after: State, dataset: Dataset, { message, corporation }: Given): Promise<void> {
  if (before.refreshedAt === undefined && after.refreshedAt !== undefined) await sendWaiting(before, dataset);
  else if ((message.reason === "user" || corporation.tier === "P0") && after.version !== before.version) {
    await sendDetails(message, dataset);
  }
}

async function work(state: State, dataset: Dataset, given: Given): Promise<void> {
  const { message, corporation, list } = given;
  try {
    const result = await holding(state, () => attempt(state, dataset, message.reason === "user"));
    const freshness = result.failure
      ? await settleFailure(state, result.failure)
      : await settle(state, dataset, {
          ...result.done,
          retentionDays: retentionOf(corporation.tier),
          listVersion: list?.version,
        });
    await Promise.all([
      Realtime.datasetRefreshed(asItsList(freshness.state, list), freshness.summary),
      sendNext(state, freshness.state, dataset, given),
      result.done?.director && Directors.recordSuccess(state.corporationId, result.done.director, dataset.name),
      isHurried(freshness.state) && Schedule.lookBy(state.corporationId, freshness.state.nextAt ?? 0),
    ]);
  } catch (error) {
    if (await sweepIfGone(state, corporation)) return;
    if (error instanceof LeaseLostError) {
      Log.warn("lease lost, nothing written", { fence: state.fence });
      return;
    }
    await release(state).catch((cause: unknown) => Log.warn("lease not released", { cause }));
    throw error;
  }
}

/** The lease. Where a former registration has left a row behind, that goes first. */
async function take(
  corporation: Corporation.Registered,
  dataset: Dataset,
  list: State | undefined,
): Promise<State | undefined> {
  const { corporationId, addedAt } = corporation;
  const leaseNow = () => lease(corporation, dataset.name, Date.now(), list?.version);
  const state = await leaseNow();
  if (state) return state;
  const current = await find(corporationId, dataset.name);
  if (current?.since !== undefined && current.since < addedAt) {
    await sweep(corporationId, dataset);
    return leaseNow();
  }
  Log.info("nothing to do", { nextAt: current?.nextAt, leaseUntil: current?.leaseUntil });
  return undefined;
}

/** It may have been made active again just before its messages were sent. */
const isActive = async (corporationId: number): Promise<boolean> =>
  (await Corporation.registered(corporationId, { consistent: true }))?.status === undefined;

/**
 * Refreshes one dataset. Running a message twice, late or out of order does nothing twice: the lease is refused while
 * another worker holds it and before the dataset is due again. Of a corporation that is not active nothing is fetched.
 * ESI's and directors' failures are recorded with the dataset and tried again when their back-off ends; anything else
 * throws, and the queue delivers the message again.
 */
export const run = fn(Message, async (message) => {
  Actor.assertSystem();
  const { corporationId } = message;
  const dataset = Datasets.find(message.dataset);
  if (!dataset) throw new Error(`no dataset is called ${message.dataset}`);
  const corporation = await Corporation.registered(corporationId);
  if (!corporation) return sweep(corporationId, dataset);
  if (corporation.status && !(await isActive(corporationId))) {
    Log.info("nothing is fetched of this corporation", { corporationId, status: corporation.status });
    return;
  }
  if (await isDeferred(message, dataset)) return;
  const list = await listOf(corporationId, dataset);
  const state = await take(corporation, dataset, list);
  if (!state || (isFirst(state, corporation) && (await sweepIfGone(state, corporation)))) return;
  await work(state, dataset, { message, corporation, list });
});
