import { AsyncLocalStorage } from "node:async_hooks";
import type * as Refresh from "@tapi/core/engine/refresh";
import { Datasets } from "@tapi/core/owners/corporation";
import * as Db from "@tapi/core/platform/db";
import type { Chance } from "./chance.ts";
import type { SoakStack } from "./soak-stack.ts";

/** A refresh makes about this many calls for its corporation. */
const mostCalls = 10;

/** When a worker dies: nothing that it does after so many calls reaches the table, and nobody catches up for it. */
interface Fate {
  callsLeft: number;
  /** The last call reaches the table, and the worker does not live to see the answer. */
  reaches: boolean;
  isDead: boolean;
}

class KilledError extends Error {
  override readonly name = "KilledError";
}

const fates = new AsyncLocalStorage<Fate>();

interface Keyed {
  Key?: { pk?: unknown };
  Item?: { pk?: unknown };
  ExpressionAttributeValues?: Record<string, unknown>;
}

/**
 * Calls about a corporation are those of the refresh itself. Tokens are left alone: one who dies between the login
 * service's answer and its write takes the director along, which token/refresh.ts says and its tests show.
 */
const isOfCorporation = ({ Key, Item, ExpressionAttributeValues: values }: Keyed): boolean =>
  String(Key?.pk ?? Item?.pk ?? values?.[":pk"]).startsWith("corporation#");

/** Makes the call, unless its worker has died by then or dies of it. */
async function ifAlive<T>(input: Keyed, call: () => Promise<T>): Promise<T> {
  const fate = fates.getStore();
  if (!fate || !isOfCorporation(input)) return call();
  fate.callsLeft -= 1;
  if (fate.callsLeft >= 0) return call();
  if (!fate.isDead && fate.reaches) await call();
  fate.isDead = true;
  throw new KilledError("this worker was killed");
}

type Send = (command: { input: object }, ...more: unknown[]) => Promise<unknown>;

/** From now on workers that are fated to die do. */
export function installKills(): void {
  const client = Db.client();
  const send = client.send.bind(client) as Send;
  const mortal: Send = (command, ...more) => ifAlive(command.input, () => send(command, ...more));
  Object.assign(client, { send: mortal });
}

const nameOf = ({ owner }: Refresh.Message, dataset: string) => `${owner.id}/${dataset}`;

/** Datasets whose last worker died, until somebody takes them up again. */
const dead = new Set<string>();

/** Runs one message's work; this share of them dies somewhere in the middle: true if it did. */
export async function mayDie(
  chance: Chance,
  share: number,
  message: Refresh.Message,
  work: () => Promise<void>,
): Promise<boolean> {
  if (chance.next() >= share) {
    await work();
    return false;
  }
  const fate: Fate = { callsLeft: Math.floor(chance.next() * mostCalls), reaches: chance.next() < 0.5, isDead: false };
  try {
    await fates.run(fate, work);
  } catch (error) {
    if (!fate.isDead) throw error;
  }
  if (fate.isDead) for (const dataset of message.datasets) dead.add(nameOf(message, dataset));
  return fate.isDead;
}

/**
 * What ESI had answered died with the worker: New Eden is told not to hold it against who takes the dataset up again. Told
 * only then, because requests that were on their way at the death are answered still.
 */
export async function bury({ control }: Pick<SoakStack, "control">, message: Refresh.Message): Promise<void> {
  for (const dataset of message.datasets) {
    if (!dead.delete(nameOf(message, dataset))) continue;
    const { operations } = Datasets.get(dataset);
    await control("readings/forget", { corporationId: message.owner.id, operationIds: operations });
  }
}
