import { get as getDataset } from "../corporation/datasets/index.ts";
import type { DirectorState } from "../corporation/directors.ts";
import * as Queue from "../queue/index.ts";
import { freshnessOf } from "../refresh/freshness.ts";
import type { Summary } from "../refresh/ingest.ts";
import type { State } from "../refresh/state.ts";
import { compose, corporationTopic, Message, userTopic } from "./message.ts";

const send = (messages: Message[]): Promise<void> =>
  Queue.send(
    "realtime",
    Message,
    messages.map((message) => ({ message })),
  );

/** Tells everyone who may see the corporation how fresh a dataset is now and what its refresh changed. */
export async function datasetRefreshed(state: State, summary: Summary): Promise<void> {
  const { corporationId, dataset } = state;
  const freshness = freshnessOf(getDataset(dataset), state, { now: Date.now() });
  await send([
    compose("dataset.refreshed", corporationTopic(corporationId), { corporationId, dataset, freshness, summary }),
  ]);
}

/** Tells how far a long fetch is. */
export async function datasetProgress(state: State, done: number, total: number): Promise<void> {
  const { corporationId, dataset } = state;
  const freshness = { ...freshnessOf(getDataset(dataset), state, { now: Date.now() }), progress: { done, total } };
  await send([compose("dataset.progress", corporationTopic(corporationId), { corporationId, dataset, freshness })]);
}

interface DirectorFailure {
  corporationId: number;
  director: DirectorState;
  reason: { code: string; message: string };
  tokenDied: boolean;
}

/** Tells the corporation's people that a director stopped working, and the pilot when it was their token. */
export async function directorFailed({ corporationId, director, reason, tokenDied }: DirectorFailure): Promise<void> {
  const { characterId, name, userId } = director;
  const data = { corporationId, characterId, name, reason: reason.code, message: reason.message };
  await send([
    compose("director.failed", corporationTopic(corporationId), data),
    ...(tokenDied ? [compose("token.died", userTopic(userId), data)] : []),
  ]);
}

/** Tells a user that a character's token died while nothing was being fetched with it. */
export async function tokenDied(death: { userId: string; characterId: number; reason: string }): Promise<void> {
  const { userId, ...data } = death;
  await send([compose("token.died", userTopic(userId), data)]);
}
