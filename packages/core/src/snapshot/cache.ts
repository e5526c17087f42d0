import type { View } from "./view.ts";

/** Cells (rows x columns) kept in memory over all collections: about 8 bytes each, so some 160 MB at the most. */
const maxCells = 20_000_000;

const views = new Map<string, View>();
let cells = 0;

const size = (view: View) => view.length * view.shape.columns.length + 100;

/** Forgets one collection. */
export function drop(key: string): void {
  const view = views.get(key);
  if (!view) return;
  views.delete(key);
  cells -= size(view);
}

/** The kept version of a collection, if it is the wanted one. */
export function take(key: string, version: number): View | undefined {
  const view = views.get(key);
  if (view?.version !== version) return undefined;
  views.delete(key);
  views.set(key, view);
  return view;
}

/** Whatever version is kept: a start for catching up with deltas alone. */
export const peek = (key: string): View | undefined => views.get(key);

/** Keeps a version, the least recently used ones make room. */
export function put(key: string, view: View): void {
  drop(key);
  if (size(view) > maxCells) return;
  views.set(key, view);
  cells += size(view);
  for (const oldest of views.keys()) {
    if (cells <= maxCells) break;
    drop(oldest);
  }
}

/** Forgets everything: what a new process would know. */
export function clear(): void {
  views.clear();
  cells = 0;
}
