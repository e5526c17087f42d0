import { unpackJson } from "../platform/gzip/index.ts";
import * as Cache from "./cache.ts";
import { unpack } from "./columns.ts";
import { apply, type Delta, restore } from "./delta.ts";
import { type Address, addressKey, type Shape } from "./shape.ts";
import { base, delta, head } from "./snapshot.entity.ts";
import { View } from "./view.ts";

/** What a reader must know to put the current version together; see the entity for each field. */
export interface Head {
  version: number;
  rows: number;
  changedAt: number;
  slot: "a" | "b";
  baseVersion: number;
  baseParts: number;
  baseBytes: number;
  deltaParts: number[];
  deltaBytes: number;
  deltasSince?: number;
  fence: number;
  since?: number;
}

/** The head as it is now: a writer's reads. */
export async function loadHead(address: Address): Promise<Head | undefined> {
  const { data } = await head().get(address).go({ consistent: true });
  return data ?? undefined;
}

interface PendingRead {
  address: Address;
  resolve: (found: Head | undefined) => void;
  reject: (error: unknown) => void;
}

/** DynamoDB takes this many keys in one request. */
const mostKeys = 100;

let waiting: PendingRead[] = [];

async function readTogether(reads: readonly PendingRead[]): Promise<void> {
  const addresses = [...new Map(reads.map(({ address }) => [addressKey(address), address])).values()];
  try {
    const { data, unprocessed } = await head()
      .get(addresses.map(({ owner, collection }) => ({ owner, collection })))
      .go();
    const found = new Map(data.map((each) => [addressKey(each), each]));
    const leftOut = new Set(unprocessed.map(addressKey));
    for (const { address, resolve, reject } of reads) {
      const name = addressKey(address);
      if (leftOut.has(name)) loadHead(address).then(resolve, reject);
      else resolve(found.get(name));
    }
  } catch (error) {
    for (const { reject } of reads) reject(error);
  }
}

function flush(): void {
  const reads = waiting;
  waiting = [];
  for (let from = 0; from < reads.length; from += mostKeys) void readTogether(reads.slice(from, from + mostKeys));
}

/**
 * The head as it was a moment ago. Those asked for in one turn of the event loop are read by one request: a table is shown
 * with the names that four other collections give, and a request costs more time than what it reads.
 */
export function loadHeadBatched(address: Address): Promise<Head | undefined> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) queueMicrotask(flush);
    waiting.push({ address, resolve, reject });
  });
}

/** Eventual: a reader, who may be a moment behind. */
type Consistency = "eventual" | "strong";

/** A part that the head promises is not there yet, or already belongs to a later version: read the head again. */
class OvertakenError extends Error {
  override readonly name = "SnapshotOvertakenError";
}

async function loadBase(address: Address, shape: Shape, current: Head, consistent: boolean): Promise<View> {
  const parts = await Promise.all(
    Array.from({ length: current.baseParts }, (_, part) =>
      base()
        .get({ ...address, slot: current.slot, part })
        .go({ consistent }),
    ),
  );
  const blobs = parts.map(({ data }) => {
    if (data?.version !== current.baseVersion) throw new OvertakenError();
    return data.data as Uint8Array;
  });
  const columns = await unpack(blobs);
  const length = Math.max(0, ...Object.values(columns).map((column) => column.length));
  for (const name of shape.columns) columns[name] ??= new Array(length).fill(null);
  return View.ofColumns(shape, current.baseVersion, columns, length);
}

interface StoredDelta {
  version: number;
  at: number;
  delta: Delta;
}

/** Deltas that made the versions `from` to `to` (both inclusive), oldest first; those that have expired are missing. */
async function loadDeltas(
  address: Address,
  shape: Shape,
  from: number,
  to: number,
  consistent: boolean,
): Promise<StoredDelta[]> {
  if (from > to) return [];
  const { data } = await delta()
    .query.history(address)
    .between({ version: from }, { version: to + 1 })
    .go({ pages: "all", consistent });
  const byVersion = new Map<number, typeof data>();
  for (const item of data.filter(({ version }) => version >= from && version <= to)) {
    byVersion.set(item.version, [...(byVersion.get(item.version) ?? []), item]);
  }
  return Promise.all(
    [...byVersion].map(async ([version, items]) => {
      const parts = items.sort((a, b) => a.part - b.part);
      const first = parts[0];
      if (!first || parts.length < first.parts) throw new OvertakenError();
      const blobs = parts.slice(0, first.parts).map((item) => item.data as Uint8Array);
      return { version, at: first.at, delta: restore(shape, await unpackJson(blobs)) };
    }),
  );
}

async function assemble(address: Address, shape: Shape, current: Head, consistent: boolean): Promise<View> {
  const kept = Cache.peek(address, current.since);
  const usable = kept && kept.version >= current.baseVersion && kept.version <= current.version;
  const start = usable ? kept : await loadBase(address, shape, current, consistent);
  const deltas = await loadDeltas(address, shape, start.version + 1, current.version, consistent);
  if (deltas.length !== current.version - start.version) throw new OvertakenError();
  return deltas.reduce((view, step) => apply(view, step.delta, step.version), start);
}

const attempts = 4;

/**
 * The version that `current` (or the head as it is now) names. A writer that replaces the base while we read makes us
 * start again from the new head, so a reader never sees parts of two versions.
 */
export async function loadView(
  address: Address,
  shape: Shape,
  consistency: Consistency,
  current?: Head,
): Promise<View> {
  for (let attempt = 1; ; attempt += 1) {
    const consistent = consistency === "strong" || attempt > 1;
    const known = attempt === 1 ? current : undefined;
    const target = known ?? (await (consistent ? loadHead(address) : loadHeadBatched(address)));
    if (!target || target.version === 0) return View.empty(shape);
    const cached = Cache.take(address, target.since, target.version);
    if (cached) return cached;
    try {
      const view = await assemble(address, shape, target, consistent);
      Cache.put(address, target.since, view);
      return view;
    } catch (error) {
      if (!(error instanceof OvertakenError) || attempt === attempts) throw error;
    }
  }
}

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
