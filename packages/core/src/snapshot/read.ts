import { loadHeadBatched } from "./heads.ts";
import { loadView } from "./load.ts";
import { type Address, addressKey, type Shape } from "./shape.ts";
import type { View } from "./view.ts";

const underway = new Map<string, Promise<View>>();

/**
 * The current version, whole. A collection that was never written is empty, version 0. Callers who ask at the same time
 * share one read.
 */
export function read(address: Address, shape: Shape): Promise<View> {
  const key = addressKey(address);
  const known = underway.get(key);
  if (known) return known;
  const started = loadView(address, shape, "eventual").finally(() => underway.delete(key));
  underway.set(key, started);
  return started;
}

/** The current version's number, size and age, without its rows. */
export async function describe(address: Address): Promise<{ version: number; rows: number; changedAt: number }> {
  const { version = 0, rows = 0, changedAt = 0 } = (await loadHeadBatched(address)) ?? {};
  return { version, rows, changedAt };
}
