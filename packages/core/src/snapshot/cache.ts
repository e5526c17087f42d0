import { Bounded } from "../platform/lru/index.ts";
import { type Address, addressKey } from "./shape.ts";
import type { View } from "./view.ts";

/** Cells (rows x columns) kept in memory over all collections: about 8 bytes each, so some 160 MB at the most. */
const maxCells = 20_000_000;

interface Kept {
  view: View;
  /** Versions are counted anew when their owner is registered anew. */
  since: number | undefined;
}

const views = new Bounded<string, Kept>(maxCells, ({ view }) => view.length * view.shape.columns.length + 100);

/** Forgets one collection. */
export const drop = (address: Address): void => views.delete(addressKey(address));

/** Whatever version is kept of this registration: a start for catching up with deltas alone. */
export function peek(address: Address, since: number | undefined): View | undefined {
  const kept = views.peek(addressKey(address));
  return kept?.since === since ? kept?.view : undefined;
}

/** The kept version of a collection, if it is the wanted one. */
export function take(address: Address, since: number | undefined, version: number): View | undefined {
  const view = peek(address, since);
  if (view?.version !== version) return undefined;
  views.get(addressKey(address));
  return view;
}

/** Keeps a version, the least recently used ones make room. */
export const put = (address: Address, since: number | undefined, view: View): void =>
  views.set(addressKey(address), { view, since });

/** Forgets everything: what a new process would know. */
export const clear = (): void => views.clear();
