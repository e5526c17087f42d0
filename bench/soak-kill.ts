import { AsyncLocalStorage } from "node:async_hooks";
import { Datasets } from "@tapi/core/corporation";
import * as Db from "@tapi/core/db";
import type * as Refresh from "@tapi/core/refresh";
import type { Chance } from "./chance.ts";
import type { SoakStack } from "./soak-stack.ts";

/** This share of the messages kills its worker on the way. */
const killShare = 0.01;
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

/** From now on workers that are fated to die do. */
export function installKills(): void {
  Db.client().middlewareStack.add(
    (next) => async (args) => {
      const fate = fates.getStore();
      if (!fate || !isOfCorporation(args.input as Keyed)) return next(args);
      fate.callsLeft -= 1;
      if (fate.callsLeft >= 0) return next(args);
      if (!fate.isDead && fate.reaches) await next(args);
      fate.isDead = true;
      throw new KilledError("this worker was killed");
    },
    { step: "initialize", name: "kill" },
  );
}

/**
 * Runs one message's work, which now and then dies somewhere in the middle: true if it did. What ESI had answered died
 * along, so New Eden is told not to hold it against whoever asks again.
 */
export async function mayDie(
  { control }: SoakStack,
  chance: Chance,
  { corporationId, dataset }: Refresh.Message,
  work: () => Promise<void>,
): Promise<boolean> {
  if (chance.next() >= killShare) {
    await work();
    return false;
  }
  const fate: Fate = { callsLeft: Math.floor(chance.next() * mostCalls), reaches: chance.next() < 0.5, isDead: false };
  try {
    await fates.run(fate, work);
  } catch (error) {
    if (!fate.isDead) throw error;
  }
  if (fate.isDead) {
    await control("readings/forget", { corporationId, operationIds: Datasets.get(dataset).operations });
  }
  return fate.isDead;
}
