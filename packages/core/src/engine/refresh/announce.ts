import { fieldOf } from "../../owner/index.ts";
import { compose, sendIfSubscribed, topicOf } from "../../push/index.ts";
import { freshnessOf } from "../freshness/index.ts";
import { kindOf } from "../kind/index.ts";
import type { State } from "../state/index.ts";
import type { Summary } from "./ingest.ts";

async function freshness(state: State) {
  const { find, datasets } = kindOf(state.owner);
  const { tier } = (await find(state.owner)) ?? {};
  return freshnessOf(datasets.get(state.dataset), state, { now: Date.now(), tier });
}

/** Pushes a dataset's new freshness and what the refresh changed to everyone subscribed to the owner. */
export async function announceRefresh(state: State, summary: Summary): Promise<void> {
  const { owner, dataset } = state;
  const topic = topicOf(owner);
  await sendIfSubscribed(topic, async () =>
    compose("dataset.refreshed", topic, { ...fieldOf(owner), dataset, freshness: await freshness(state), summary }),
  );
}

/** Pushes the progress of a long fetch, in calls done and in total. */
export async function announceProgress(state: State, done: number, total: number): Promise<void> {
  const { owner, dataset } = state;
  const topic = topicOf(owner);
  await sendIfSubscribed(topic, async () => {
    const progress = { ...(await freshness(state)), progress: { done, total } };
    return compose("dataset.progress", topic, { ...fieldOf(owner), dataset, freshness: progress });
  });
}
