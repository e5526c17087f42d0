import { type Owner, retentionDaysOf } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Log from "../../platform/log/index.ts";
import { mapConcurrent } from "../../platform/parallel/index.ts";
import { isImmediate } from "../agenda/cadence.ts";
import * as Agenda from "../agenda/index.ts";
import { type Dataset, followedVersion } from "../dataset/index.ts";
import { parentState, withParentFreshness } from "../freshness/index.ts";
import { datasetsOf, described, type Enrolled, findEnrolled } from "../kind/index.ts";
import { find, holding, LeaseLostError, lease, listForScheduler, release, type State } from "../state/index.ts";
import { announceRefresh } from "./announce.ts";
import { attempt } from "./attempt.ts";
import { isDeferred } from "./defer.ts";
import { Message } from "./message.ts";
import { isFirst, sweep, sweepIfGone } from "./orphans.ts";
import { sendNow } from "./send.ts";
import { settle, settleFailure } from "./settle.ts";
import { UnfinishedError } from "./unfinished.ts";

/** Datasets of one message that are worked on side by side. */
const lanes = 4;

const namesOf = (datasets: readonly Dataset[]): string[] => datasets.map(({ name }) => name);

/**
 * Datasets made from this one that have waited for its first rows are fetched at once, so that names do not come minutes
 * after what they name. Should this message be lost, the scheduler's next round sends it.
 */
async function sendWaiting({ owner }: State, { name }: Dataset): Promise<void> {
  const dependent = datasetsOf(owner).datasets.filter(({ after = [] }) => after.includes(name));
  if (dependent.length === 0) return;
  const known = await listForScheduler(owner);
  const fetched = new Set(known.filter(({ refreshedAt }) => refreshedAt !== undefined).map(({ dataset }) => dataset));
  const waiting = dependent.filter(
    (each) => !fetched.has(each.name) && (each.after ?? []).every((other) => fetched.has(other)),
  );
  await sendNow(owner, namesOf(waiting), "schedule");
}

/** Details of a list that has changed, where a person waits or a minute is too long for the scheduler to find out. */
async function sendDetails({ owner, reason }: Message, { name }: Dataset): Promise<void> {
  const details = datasetsOf(owner).datasets.filter(({ detailOf }) => detailOf === name);
  await sendNow(owner, namesOf(details), reason);
}

interface Given {
  message: Message;
  enrolled: Enrolled;
  list: State | undefined;
  /** The version of what the dataset follows. */
  listVersion: number | undefined;
}

async function sendNext(before: State, after: State, dataset: Dataset, { message, enrolled }: Given): Promise<void> {
  if (before.refreshedAt === undefined && after.refreshedAt !== undefined) await sendWaiting(before, dataset);
  else if ((message.reason === "user" || enrolled.tier === "P0") && after.version !== before.version) {
    await sendDetails(message, dataset);
  }
}

async function work(state: State, dataset: Dataset, given: Given): Promise<void> {
  const { message, enrolled, list, listVersion } = given;
  try {
    const result = await holding(state, () => attempt(state, dataset, message.reason === "user"));
    const freshness = result.failure
      ? await settleFailure(state, result.failure)
      : await settle(state, dataset, {
          ...result.done,
          retentionDays: retentionDaysOf(enrolled.tier),
          listVersion,
        });
    await Promise.all([
      announceRefresh(withParentFreshness(freshness.state, list), freshness.summary),
      sendNext(state, freshness.state, dataset, given),
      result.done?.fetcher?.recordSuccess(),
      isImmediate(freshness.state) && Agenda.lookBy(state.owner, freshness.state.nextAt ?? 0),
    ]);
  } catch (error) {
    if (await sweepIfGone(state, enrolled)) return;
    if (error instanceof LeaseLostError) {
      Log.warn("lease lost, nothing written", { fence: state.fence });
      return;
    }
    await release(state).catch((cause: unknown) => Log.warn("lease not released", { cause }));
    throw error;
  }
}

/** The lease. Where a former registration has left a row behind, that goes first. */
async function take(enrolled: Enrolled, dataset: Dataset, listVersion: number | undefined): Promise<State | undefined> {
  const { owner, addedAt } = enrolled;
  const leaseNow = () => lease(enrolled, dataset.name, Date.now(), listVersion);
  const state = await leaseNow();
  if (state) return state;
  const current = await find(owner, dataset.name);
  if (current?.since !== undefined && current.since < addedAt) {
    await sweep(owner, dataset);
    return leaseNow();
  }
  Log.info("nothing to do", { nextAt: current?.nextAt, leaseUntil: current?.leaseUntil });
  return undefined;
}

/** It may have been made active again just before its messages were sent. */
const isActive = async (owner: Owner): Promise<boolean> =>
  (await findEnrolled(owner, { consistent: true }))?.isActive ?? true;

/** To be read before the dataset is fetched, so that no change goes unnoticed. */
async function versionFollowed(owner: Owner, dataset: Dataset): Promise<number | undefined> {
  if (!dataset.follows) return undefined;
  const states = await listForScheduler(owner);
  return followedVersion(dataset, new Map(states.map((state) => [state.dataset, state])));
}

async function refresh(message: Message, name: string): Promise<void> {
  const { owner } = message;
  const dataset = datasetsOf(owner).find(name);
  if (!dataset) throw new Error(`no dataset is called ${name}`);
  const enrolled = await findEnrolled(owner);
  if (!enrolled) return sweep(owner, dataset);
  if (!enrolled.isActive && !(await isActive(owner))) {
    Log.info("nothing is fetched of this owner", described(owner));
    return;
  }
  if (await isDeferred(message, dataset)) return;
  const list = await parentState(owner, dataset);
  const listVersion = list?.version ?? (await versionFollowed(owner, dataset));
  const state = await take(enrolled, dataset, listVersion);
  if (!state || (isFirst(state, enrolled) && (await sweepIfGone(state, enrolled)))) return;
  await work(state, dataset, { message, enrolled, list, listVersion });
}

/**
 * Refreshes the datasets of one message, each by itself: what becomes of one is nothing to the others. Running a message
 * twice, late or out of order does nothing twice: the lease is refused while another worker holds it and before the
 * dataset is due again. Of an owner that is not active nothing is fetched. ESI's and fetchers' failures are recorded with
 * the dataset and tried again when their back-off ends; anything else is thrown once all have ended.
 */
export const run = fn(Message, async (message) => {
  Actor.assertSystem();
  const failures = new Map<string, unknown>();
  await mapConcurrent(lanes, new Set(message.datasets), (name) =>
    Log.withFields({ dataset: name }, () => refresh(message, name)).catch((error: unknown) => {
      failures.set(name, error);
    }),
  );
  if (failures.size === 0) return;
  if (message.datasets.length === 1) throw failures.values().next().value;
  throw new UnfinishedError(failures);
});
