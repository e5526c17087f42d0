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
  probing: boolean;
}

const circuits = new Map<string, Circuit>();

const keyOf = (operation: OperationId): string => routeOf(operation).rateGroup ?? operation;

const circuitOf = (operation: OperationId): Circuit => {
  const key = keyOf(operation);
  const known = circuits.get(key);
  if (known) return known;
  const fresh = { failures: 0, openUntil: 0, probing: false };
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

/** Lets a call through or throws, with the moment of the next probe. */
export function enter(operation: OperationId): Passage {
  const circuit = circuitOf(operation);
  const now = Date.now();
  const broken = circuit.failures >= threshold;
  if (broken && (circuit.openUntil > now || circuit.probing)) {
    const retryAt = Math.max(circuit.openUntil, now + 1000);
    throw new EsiError("server", operation, "pauses after repeated failures", { retryAt });
  }
  circuit.probing = broken;
  return {
    probe: broken,
    succeeded: () => Object.assign(circuit, { failures: 0, openUntil: 0, probing: false }),
    failed: () => {
      circuit.failures += 1;
      circuit.probing = false;
      const over = circuit.failures - threshold;
      if (over >= 0) circuit.openUntil = Date.now() + Math.min(firstPauseMs * 2 ** over, longestPauseMs);
    },
    abandoned: () => {
      if (broken) circuit.probing = false;
    },
  };
}

export const reset = (): void => circuits.clear();
