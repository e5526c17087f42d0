import { EsiError } from "./error.ts";
import type { OperationId } from "./operation.ts";
import { routeOf } from "./operation.ts";

/**
 * One per route group. A row that turns one corporation's page into a 500 must not shut the group for the others: only
 * failures with no success of anybody in between count, each call once however often it was tried.
 */
const threshold = 10;
const firstPauseMs = 30_000;
const longestPauseMs = 300_000;

interface Circuit {
  failures: number;
  openUntil: number;
  /** Settles when the call that finds out has ended; undefined: there is none. */
  probing: Promise<void> | undefined;
}

const circuits = new Map<string, Circuit>();

const keyOf = (operation: OperationId): string => routeOf(operation).rateGroup ?? operation;

const circuitOf = (operation: OperationId): Circuit => {
  const key = keyOf(operation);
  const known = circuits.get(key);
  if (known) return known;
  const fresh = { failures: 0, openUntil: 0, probing: undefined };
  circuits.set(key, fresh);
  return fresh;
};

export interface Passage {
  /** The one call that finds out whether the group answers again: it gets a single try. */
  probe: boolean;
  succeeded: () => void;
  failed: () => void;
  /** Neither: the call was called off, or refused before it was sent. */
  abandoned: () => void;
}

function passage(circuit: Circuit, probe: boolean): Passage {
  let end = () => {};
  if (probe) circuit.probing = new Promise((resolve) => (end = resolve));
  const ended = () => {
    if (!probe) return;
    circuit.probing = undefined;
    end();
  };
  return {
    probe,
    succeeded: () => {
      Object.assign(circuit, { failures: 0, openUntil: 0 });
      ended();
    },
    failed: () => {
      circuit.failures += 1;
      const over = circuit.failures - threshold;
      if (over >= 0) circuit.openUntil = Date.now() + Math.min(firstPauseMs * 2 ** over, longestPauseMs);
      ended();
    },
    abandoned: ended,
  };
}

/** Lets a call through, once the probe under way has said how things are, or throws, with the moment of the next probe. */
export async function enter(operation: OperationId): Promise<Passage> {
  const circuit = circuitOf(operation);
  while (circuit.failures >= threshold) {
    if (circuit.openUntil > Date.now()) {
      throw new EsiError("server", operation, "pauses after repeated failures", { retryAt: circuit.openUntil });
    }
    if (!circuit.probing) return passage(circuit, true);
    await circuit.probing;
  }
  return passage(circuit, false);
}

export const reset = (): void => circuits.clear();
