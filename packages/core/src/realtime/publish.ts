import { get as getDataset } from "../corporation/datasets/index.ts";
import type { DirectorState } from "../corporation/directors.ts";
import * as Corporation from "../corporation/index.ts";
import * as Queue from "../queue/index.ts";
import { freshnessOf } from "../refresh/freshness.ts";
import type { Summary } from "../refresh/ingest.ts";
import type { State } from "../refresh/state.ts";
import { compose, corporationTopic, Message, userTopic } from "./message.ts";
import { subscriptions } from "./realtime.entity.ts";

/**
 * Whether anybody has subscribed to a corporation. A consistent read: who has been told that they are subscribed misses
 * nothing from then on. A connection that is gone counts until a delivery to it fails.
 */
async function isHeard(topic: string): Promise<boolean> {
  const { data } = await subscriptions()
    .query.byTopic({ topic })
    .go({ limit: 1, consistent: true, attributes: ["topic"] });
  return data.length > 0;
}

const send = (messages: Message[]): Promise<void> =>
  Queue.send(
    "realtime",
    Message,
    messages.map((message) => ({ message })),
  );

/**
 * News of a corporation, made and sent only while somebody listens: what nobody hears is kept nowhere, and finding that out
 * with a read costs a tenth of the three requests and the invocation that a message takes.
 */
async function tell(corporationId: number, news: (topic: string) => Message | Promise<Message>): Promise<void> {
  const topic = corporationTopic(corporationId);
  if (await isHeard(topic)) await send([await news(topic)]);
}

async function freshness(state: State) {
  const { tier } = (await Corporation.registered(state.corporationId)) ?? {};
  return freshnessOf(getDataset(state.dataset), state, { now: Date.now(), tier });
}

/** Tells everyone who may see the corporation how fresh a dataset is now and what its refresh changed. */
export async function datasetRefreshed(state: State, summary: Summary): Promise<void> {
  const { corporationId, dataset } = state;
  await tell(corporationId, async (topic) =>
    compose("dataset.refreshed", topic, { corporationId, dataset, freshness: await freshness(state), summary }),
  );
}

/** Tells how far a long fetch is. */
export async function datasetProgress(state: State, done: number, total: number): Promise<void> {
  const { corporationId, dataset } = state;
  await tell(corporationId, async (topic) => {
    const news = { ...(await freshness(state)), progress: { done, total } };
    return compose("dataset.progress", topic, { corporationId, dataset, freshness: news });
  });
}

interface DirectorFailure {
  corporationId: number;
  director: Pick<DirectorState, "characterId" | "name" | "userId">;
  reason: { code: string; message: string };
  tokenDied: boolean;
}

/** Tells the corporation's people that a director stopped working, and the pilot when it was their token. */
export async function directorFailed({ corporationId, director, reason, tokenDied }: DirectorFailure): Promise<void> {
  const { characterId, name, userId } = director;
  const data = { corporationId, characterId, name, reason: reason.code, message: reason.message };
  // A notice of a dead token is kept for its pilot, who may be away.
  if (tokenDied) await send([compose("token.died", userTopic(userId), data)]);
  await tell(corporationId, (topic) => compose("director.failed", topic, data));
}

/** Tells a user that a character's token died while nothing was being fetched with it. */
export async function tokenDied(death: { userId: string; characterId: number; reason: string }): Promise<void> {
  const { userId, ...data } = death;
  await send([compose("token.died", userTopic(userId), data)]);
}
