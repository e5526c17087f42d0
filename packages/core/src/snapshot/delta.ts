import type { Columns, Row } from "./columns.ts";
import { compareKeys, fromRows, type Key, keyOf, type Shape, toColumns, View } from "./view.ts";

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
 * Merges `incoming` into `previous`. A previous row that is not among the incoming ones is removed, unless `keep` says
 * that this fetch could not speak for it (a part that was unchanged, a ledger that only grows, a row set aside).
 * Both sides are walked once in key order. `version` is the number the next version will have.
 */
export function merge(
  previous: View,
  incoming: readonly Row[],
  version: number,
  keep: (view: View, index: number) => boolean,
): { view: View; delta: Delta } {
  const { shape } = previous;
  const next = fromRows(shape, incoming, version);
  if (previous.length === 0) return { view: next.view, delta: { added: [...next.rows], removed: [], changed: [] } };
  const { rows } = next;
  const { keys } = next.view;
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
    if (keep(previous, at)) take(previous, at);
    else delta.removed.push(previous.row(at));
  };

  let old = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as Key;
    while (old < previousKeys.length && compareKeys(previousKeys[old] as Key, key) < 0) passPrevious(old++);
    if (old < previousKeys.length && previousKeys[old] === key) {
      const change = compareRow(previous, old, next.view, at);
      if (change) delta.changed.push(change);
      old += 1;
    } else {
      delta.added.push(rows[at] as Row);
    }
    take(next.view, at);
  }
  while (old < previousKeys.length) passPrevious(old++);
  return { view: new View(shape, version, columns, length), delta };
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
    return fromRows(this.#view.shape, rows, version).view;
  }
}

/** Applies a delta to a version. Throws if it does not fit: a stored delta that does not fit is corruption. */
export function apply(view: View, delta: Delta, version: number): View {
  const { shape } = view;
  const gone = new Set(delta.removed.map((row) => keyOf(shape, (column) => row[column])));
  const changed = new Map(delta.changed.map((change) => [change.key, change.after]));
  const rows: Row[] = [];
  view.keys.forEach((key, at) => {
    if (gone.delete(key)) return;
    const after = changed.get(key);
    changed.delete(key);
    rows.push(after ? { ...view.row(at), ...after } : view.row(at));
  });
  if (gone.size > 0 || changed.size > 0) throw new Error(`a delta does not fit version ${view.version}`);
  const { view: next } = fromRows(shape, [...rows, ...delta.added], version);
  if (next.length !== rows.length + delta.added.length) throw new Error("a delta adds a row that is already there");
  return next;
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
    added: toColumns(shape, delta.added),
    removed: toColumns(shape, delta.removed),
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
  return new View(shape, 0, columns, length).rows();
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
