import { ttlAt } from "../platform/db/index.ts";
import { isConditionFailed } from "../platform/error/index.ts";
import { packJson } from "../platform/gzip/index.ts";
import { allSettled } from "../platform/parallel/index.ts";
import * as Cache from "./cache.ts";
import { cut, packAll, totalBytes } from "./columns.ts";
import { type Delta, isEmpty, merge, store } from "./delta.ts";
import { type Head, loadHead, loadHeadBatched, loadView } from "./load.ts";
import { removeCollection } from "./remove.ts";
import type { Table } from "./series.ts";
import { type Address, addressKey, type Shape } from "./shape.ts";
import { base, delta, head } from "./snapshot.entity.ts";
import { inOrder } from "./table.ts";
import { View } from "./view.ts";

export interface CommitOptions {
  /** The writer's lease number: a writer whose lease was taken over has a lower one and is refused. */
  fence: number;
  /** When the owner was registered. What a former registration has left behind is not read, and goes. */
  since?: number | undefined;
  retentionDays: number;
  /** Says of the previous version which of its rows stay although they did not come again. Absent: none. */
  keep?: (previous: View) => (index: number) => boolean;
}

export interface Commit {
  view: View;
  /** Undefined for the first version: all of it is new. */
  delta: Delta | undefined;
  changed: boolean;
}

/** Another writer committed first: nothing of this commit is visible, the message may be tried again. */
export class ConflictError extends Error {
  override readonly name = "SnapshotConflictError";
}

/** A base is written anew once this many deltas, or deltas of half its size, have to be read with it. */
const maxDeltas = 48;
const minCompactBytes = 32_000;

const none: Head = {
  version: 0,
  rows: 0,
  changedAt: 0,
  slot: "b",
  baseVersion: 0,
  baseParts: 0,
  baseBytes: 0,
  deltaParts: [],
  deltaBytes: 0,
  fence: 0,
};

const refuseConflict = (address: Address) => (error: unknown) => {
  if (isConditionFailed(error)) throw new ConflictError(`${addressKey(address)} has a newer writer`, { cause: error });
  throw error;
};

/** Writes each part as soon as it is packed; returns the sizes of all. */
async function writeBase(
  address: Address,
  slot: "a" | "b",
  view: View,
  { packing, fence }: { packing: Promise<Uint8Array[]>[]; fence: number },
): Promise<number[]> {
  const sizes: number[] = [];
  const writing: Promise<unknown>[] = [];
  for (const range of packing) {
    for (const data of await range) {
      const write = base()
        .put({ ...address, slot, part: sizes.length, version: view.version, fence, data })
        .where((field, op) => `${op.notExists(field.fence)} OR ${op.lte(field.fence, fence)}`)
        .go()
        .catch(refuseConflict(address));
      // It may fail while the next part is still being packed; it is told below.
      write.catch(() => {});
      writing.push(write);
      sizes.push(data.byteLength);
    }
  }
  await allSettled(writing);
  return sizes;
}

async function writeDelta(
  address: Address,
  view: View,
  change: Delta,
  options: CommitOptions,
  { now, previousAt }: { now: number; previousAt: number },
) {
  const parts = cut(await packJson(store(view.shape, change)));
  await allSettled(
    parts.map((data, part) =>
      delta()
        .put({
          ...address,
          version: view.version,
          part,
          parts: parts.length,
          fence: options.fence,
          data,
          at: now,
          previousAt,
          added: change.added.length,
          removed: change.removed.length,
          changed: change.changed.length,
          expiresAt: ttlAt(now + options.retentionDays * 86_400_000),
        })
        .where((field, op) => `${op.notExists(field.fence)} OR ${op.lte(field.fence, options.fence)}`)
        .go()
        .catch(refuseConflict(address)),
    ),
  );
  return parts;
}

type Writer = Pick<CommitOptions, "fence" | "since">;

const isOwn = (current: Head, since: number | undefined): boolean =>
  since === undefined || current.since === undefined || current.since === since;

const replaceHead = (address: Address, current: Head | undefined, next: Head) =>
  head()
    .put({ ...address, ...next })
    .where((field, op) =>
      current
        ? `${op.eq(field.version, current.version)} AND ${op.lte(field.fence, next.fence)}`
        : op.notExists(field.version),
    )
    .go()
    .catch(refuseConflict(address));

/**
 * Writes our fence into the head before anything else is written. From here on a writer with a lower fence can neither
 * publish nor touch our parts, so parts that a published head names are never overwritten.
 */
async function claim(address: Address, current: Head | undefined, { fence, since }: Writer): Promise<Head> {
  const known = current && isOwn(current, since) ? current : none;
  const claimed = { ...known, fence, ...(since === undefined ? {} : { since }) };
  await replaceHead(address, current, claimed);
  return claimed;
}

const other = (slot: "a" | "b") => (slot === "a" ? "b" : "a");

/** The head of a base written for this very version, with no delta in front of it. */
async function rebase(
  address: Address,
  current: Head,
  view: View,
  changedAt: number,
  packing = packAll(view.table),
): Promise<Head> {
  const slot = other(current.slot);
  const sizes = await writeBase(address, slot, view, { packing, fence: current.fence });
  return {
    version: view.version,
    rows: view.length,
    changedAt,
    slot,
    baseVersion: view.version,
    baseParts: sizes.length,
    baseBytes: sizes.reduce((sum, size) => sum + size, 0),
    deltaParts: [],
    deltaBytes: 0,
    fence: current.fence,
    ...(current.since === undefined ? {} : { since: current.since }),
  };
}

const extend = (current: Head, view: View, parts: Uint8Array[], now: number): Head => ({
  ...current,
  version: view.version,
  rows: view.length,
  changedAt: now,
  deltaParts: [...current.deltaParts, parts.length],
  deltaBytes: current.deltaBytes + totalBytes(parts),
  deltasSince: current.deltasSince ?? now,
});

const isFull = (next: Head) =>
  next.deltaParts.length > maxDeltas || next.deltaBytes > Math.max(minCompactBytes, next.baseBytes / 2);

const keepNone = () => () => false;

/**
 * A first version is packed while its head is claimed, and each part is written as soon as it is packed. What a writer of a
 * former registration has left behind goes before.
 */
async function writeFirst(address: Address, view: View, found: Head | undefined, writer: Writer): Promise<View> {
  const claiming = claim(address, found, writer);
  const packing = packAll(view.table);
  const current = await claiming;
  if (writer.since !== undefined) await removeCollection(address, writer.since);
  await replaceHead(address, current, await rebase(address, current, view, Date.now(), packing));
  return view;
}

async function writeNext(
  address: Address,
  { view, delta: change }: { view: View; delta: Delta },
  found: Head | undefined,
  options: CommitOptions,
): Promise<void> {
  const now = Date.now();
  const current = await claim(address, found, options);
  const parts = await writeDelta(address, view, change, options, { now, previousAt: current.changedAt });
  const next = extend(current, view, parts, now);
  await replaceHead(address, current, isFull(next) ? await rebase(address, current, view, now) : next);
}

/**
 * Makes the rows of `table` the next version. Only the difference is written: a delta, and now and then a new base in the
 * slot that is not in use. A commit that changes nothing writes nothing. Throws ConflictError when another writer was first.
 */
export async function commit(address: Address, shape: Shape, table: Table, options: CommitOptions): Promise<Commit> {
  const { keep = keepNone } = options;
  const finding = loadHead(address);
  const ordered = inOrder(shape, table);
  const found = await finding;
  const isKnown = found !== undefined && isOwn(found, options.since);
  const previous = isKnown ? await loadView(address, shape, "strong", found) : View.empty(shape);
  const keeps = keep(previous);
  const next = View.ofTable(shape, previous.version + 1, ordered);
  const merged = previous.version === 0 ? undefined : merge(previous, next, keeps);
  if (merged && isEmpty(merged.delta)) return { view: previous, delta: merged.delta, changed: false };
  const view = merged?.view ?? (await writeFirst(address, next, found, options));
  if (merged) await writeNext(address, merged, found, options);
  Cache.put(address, options.since ?? found?.since, view);
  return { view, delta: merged?.delta, changed: true };
}

const hasOldDelta = (current: Head | undefined, before: number): current is Head =>
  current?.deltasSince !== undefined && current.deltasSince < before;

/** Whether `compact` may have something to do. A read that can be a moment behind. */
export const needsCompaction = async (address: Address, before: number): Promise<boolean> =>
  hasOldDelta(await loadHeadBatched(address), before);

/**
 * Writes a new base when the oldest delta that is still needed was written before `before` (epoch ms), so that no delta
 * expires while a reader needs it. True if it did.
 */
export async function compact(address: Address, shape: Shape, options: Writer & { before: number }): Promise<boolean> {
  const found = await loadHead(address);
  if (!hasOldDelta(found, options.before) || !isOwn(found, options.since)) return false;
  const view = await loadView(address, shape, "strong", found);
  const current = await claim(address, found, options);
  await replaceHead(address, current, await rebase(address, current, view, current.changedAt));
  return true;
}
