import type { Address } from "./index.ts";
import type { View } from "./view.ts";

/** Cells (rows x columns) kept in memory over all collections: about 8 bytes each, so some 160 MB at the most. */
const maxCells = 20_000_000;

interface Kept {
  view: View;
  /** Versions are counted anew when their owner is registered anew. */
  since: number | undefined;
}

const views = new Map<string, Kept>();
let cells = 0;

const nameOf = ({ owner, collection }: Address): string => `${owner}/${collection}`;

const size = (view: View) => view.length * view.shape.columns.length + 100;

function dropNamed(name: string): void {
  const kept = views.get(name);
  if (!kept) return;
  views.delete(name);
  cells -= size(kept.view);
}

/** Forgets one collection. */
export const drop = (address: Address): void => dropNamed(nameOf(address));

/** Whatever version is kept of this registration: a start for catching up with deltas alone. */
export function peek(address: Address, since: number | undefined): View | undefined {
  const kept = views.get(nameOf(address));
  return kept?.since === since ? kept?.view : undefined;
}

/** The kept version of a collection, if it is the wanted one. */
export function take(address: Address, since: number | undefined, version: number): View | undefined {
  const view = peek(address, since);
  if (view?.version !== version) return undefined;
  const name = nameOf(address);
  views.delete(name);
  views.set(name, { view, since });
  return view;
}

/** Keeps a version, the least recently used ones make room. */
export function put(address: Address, since: number | undefined, view: View): void {
  drop(address);
  if (size(view) > maxCells) return;
  views.set(nameOf(address), { view, since });
  cells += size(view);
  for (const oldest of views.keys()) {
    if (cells <= maxCells) break;
    dropNamed(oldest);
  }
}

/** Forgets everything: what a new process would know. */
export function clear(): void {
  views.clear();
  cells = 0;
}
