import { columnize } from "./fast/index.ts";
import type { Columns, Row } from "./series.ts";
import { compareKeys, type Key, keyOf, type Shape } from "./shape.ts";
import { tableOf } from "./table.ts";
import { View, viewOf } from "./view.ts";

/** A changed row: its key and, for each column that differs, the value before and after (null where absent). */
export interface Change {
  key: Key;
  before: Row;
  after: Row;
}

/** What turns one version of a collection into the next, and back. */
export interface Delta {
  added: Row[];
  removed: Row[];
  changed: Change[];
}

export const isEmpty = (delta: Delta): boolean =>
  delta.added.length === 0 && delta.removed.length === 0 && delta.changed.length === 0;

const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return JSON.stringify(a) === JSON.stringify(b);
};

/**
 * What leads from `previous` to `next`. A previous row that is not in the next version is removed, unless `keep` says that
 * the fetch could not speak for it (a part that was unchanged, a ledger that only grows, a row set aside): `view` has it.
 * Both sides are walked once in key order.
 */
export function merge(previous: View, next: View, keep: (index: number) => boolean): { view: View; delta: Delta } {
  const { shape } = previous;
  const { keys, version } = next;
  const delta: Delta = { added: [], removed: [], changed: [] };
  const columns: Columns = Object.fromEntries(shape.columns.map((name) => [name, []]));
  const names = shape.columns;
  let length = 0;

  const take = (from: View, at: number) => {
    for (const name of names) (columns[name] as unknown[])[length] = from.columns[name]?.[at] ?? null;
    length += 1;
  };
  const previousKeys = previous.keys;
  const passPrevious = (at: number) => {
    if (keep(at)) take(previous, at);
    else delta.removed.push(previous.row(at));
  };

  let old = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as Key;
    while (old < previousKeys.length && compareKeys(previousKeys[old] as Key, key) < 0) passPrevious(old++);
    if (old < previousKeys.length && previousKeys[old] === key) {
      const change = compareRow(previous, old, next, at);
      if (change) delta.changed.push(change);
      old += 1;
    } else {
      delta.added.push(next.row(at));
    }
    take(next, at);
  }
  while (old < previousKeys.length) passPrevious(old++);
  return { view: View.ofColumns(shape, version, columns, length), delta };
}

function compareRow(from: View, old: number, to: View, at: number): Change | undefined {
  let change: Change | undefined;
  for (const name of from.shape.columns) {
    const before = from.columns[name]?.[old] ?? null;
    const after = to.columns[name]?.[at] ?? null;
    if (same(before, after)) continue;
    change ??= { key: to.keys[at] as Key, before: {}, after: {} };
    change.before[name] = before;
    change.after[name] = after;
  }
  return change;
}

/** What becomes of a row when deltas are taken back: it was not there yet, it was this one, or these values differed. */
type Undone = { absent: true } | { whole: Row } | { before: Row };

/** Takes deltas back from a version, however many, rebuilding it only once. Hand them over newest first. */
export class Unwinding {
  readonly #view: View;
  readonly #undone = new Map<Key, Undone>();

  constructor(view: View) {
    this.#view = view;
  }

  take({ added, removed, changed }: Delta): void {
    const { shape } = this.#view;
    const key = (row: Row) => keyOf(shape, (column) => row[column]);
    for (const row of added) this.#undone.set(key(row), { absent: true });
    for (const row of removed) this.#undone.set(key(row), { whole: { ...row } });
    for (const change of changed) {
      const known = this.#undone.get(change.key);
      if (known === undefined) this.#undone.set(change.key, { before: { ...change.before } });
      else if ("whole" in known) Object.assign(known.whole, change.before);
      else if ("before" in known) Object.assign(known.before, change.before);
      else throw new Error("a delta changes a row that a later one adds");
    }
  }

  /** The earlier version, under its number. */
  finish(version: number): View {
    if (this.#undone.size === 0) return this.#view;
    const rows: Row[] = [];
    this.#view.keys.forEach((key, at) => {
      const undone = this.#undone.get(key);
      if (undone === undefined) rows.push(this.#view.row(at));
      else if ("before" in undone) rows.push({ ...this.#view.row(at), ...undone.before });
    });
    for (const undone of this.#undone.values()) if ("whole" in undone) rows.push(undone.whole);
    return viewOf(this.#view.shape, tableOf(this.#view.shape, rows), version);
  }
}

/** Position of a key in ascending keys; throws where a stored delta names a row that is not there, which is corruption. */
function positionOf({ keys, version }: View, key: Key): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] as Key, key) < 0) low = middle + 1;
    else high = middle;
  }
  if (keys[low] !== key) throw new Error(`a delta does not fit version ${version}`);
  return low;
}

/** The columns with the changed values; the others are shared with `view`. */
function changedColumns(view: View, changes: readonly Change[]): Columns {
  const columns = { ...view.columns };
  for (const { key, after } of changes) {
    const at = positionOf(view, key);
    for (const [name, value] of Object.entries(after)) {
      if (columns[name] === view.columns[name]) columns[name] = [...(view.columns[name] ?? [])];
      (columns[name] as unknown[])[at] = value;
    }
  }
  return columns;
}

/** For each row of the next version where it comes from: the old version's `n`, or the added one `-1 - n`. */
function weave(view: View, removed: readonly number[], added: View): Int32Array {
  const gone = new Set(removed);
  const sources = new Int32Array(view.length - gone.size + added.length);
  let length = 0;
  let next = 0;
  const passAdded = (before: Key | undefined) => {
    while (next < added.length && (before === undefined || compareKeys(added.keys[next] as Key, before) < 0)) {
      sources[length++] = -1 - next++;
    }
  };
  for (let at = 0; at < view.length; at += 1) {
    const key = view.keys[at] as Key;
    passAdded(key);
    if (gone.has(at)) continue;
    if (added.keys[next] === key) throw new Error("a delta adds a row that is already there");
    sources[length++] = at;
  }
  passAdded(undefined);
  return sources;
}

/** Applies a delta to a version. Throws if it does not fit: a stored delta that does not fit is corruption. */
export function apply(view: View, delta: Delta, version: number): View {
  const { shape } = view;
  const columns = changedColumns(view, delta.changed);
  if (delta.added.length === 0 && delta.removed.length === 0)
    return View.ofColumns(shape, version, columns, view.length);
  const removed = delta.removed.map((row) =>
    positionOf(
      view,
      keyOf(shape, (column) => row[column]),
    ),
  );
  const added = viewOf(shape, tableOf(shape, delta.added), version);
  const sources = weave(view, removed, added);
  const woven = (name: string) => {
    const [old = [], fresh = []] = [columns[name], added.columns[name]];
    const column: unknown[] = new Array(sources.length);
    for (let at = 0; at < sources.length; at += 1) {
      const source = sources[at] as number;
      column[at] = source < 0 ? fresh[-1 - source] : old[source];
    }
    return column;
  };
  return View.ofColumns(
    shape,
    version,
    Object.fromEntries(shape.columns.map((name) => [name, woven(name)])),
    sources.length,
  );
}

/** A delta on disk: rows by column, changes column by column, so that it compresses well. */
interface Stored {
  added: Columns;
  removed: Columns;
  keys: Key[];
  changes: Record<string, { at: number[]; before: unknown[]; after: unknown[] }>;
}

export function store(shape: Shape, delta: Delta): Stored {
  const stored: Stored = {
    added: columnize(shape, delta.added),
    removed: columnize(shape, delta.removed),
    keys: delta.changed.map((change) => change.key),
    changes: {},
  };
  delta.changed.forEach((change, at) => {
    for (const name of Object.keys(change.after)) {
      stored.changes[name] ??= { at: [], before: [], after: [] };
      const column = stored.changes[name];
      column.at.push(at);
      column.before.push(change.before[name] ?? null);
      column.after.push(change.after[name] ?? null);
    }
  });
  return stored;
}

const rowsOf = (shape: Shape, columns: Columns): Row[] => {
  const length = Math.max(0, ...Object.values(columns).map((column) => column.length));
  return View.ofColumns(shape, 0, columns, length).rows();
};

export function restore(shape: Shape, value: unknown): Delta {
  const stored = value as Stored;
  const changed: Change[] = stored.keys.map((key) => ({ key, before: {}, after: {} }));
  for (const [name, column] of Object.entries(stored.changes)) {
    column.at.forEach((at, index) => {
      const change = changed[at] as Change;
      change.before[name] = column.before[index] ?? null;
      change.after[name] = column.after[index] ?? null;
    });
  }
  return { added: rowsOf(shape, stored.added), removed: rowsOf(shape, stored.removed), changed };
}
