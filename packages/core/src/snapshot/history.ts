import { unpackJson } from "../platform/gzip/index.ts";
import { type Delta, restore, Unwinding } from "./delta.ts";
import { type Head, loadHeadBatched, loadView } from "./load.ts";
import type { Address, Shape } from "./shape.ts";
import { delta } from "./snapshot.entity.ts";
import { View } from "./view.ts";

/** One step of a collection's history: when a version was made, from which, and how much it changed. */
export interface HistoryStep {
  version: number;
  /** Epoch ms. */
  at: number;
  /** When the version before was made. */
  previousAt: number;
  added: number;
  removed: number;
  changed: number;
  /** What it changed. */
  delta: () => Promise<Delta>;
}

/** Deltas read at a time; the first page is short, since most readers want the latest few. */
const firstPage = 8;
const furtherPages = 50;

type Item = Awaited<ReturnType<typeof page>>["data"][number];

const page = (address: Address, to: number, limit: number, cursor: string | null) =>
  delta()
    .query.history(address)
    .between({ version: 0 }, { version: to + 1 })
    .go({ order: "desc", limit, cursor });

/** All parts of one version as a step; undefined when some have expired. */
function stepOf(shape: Shape, items: readonly Item[]): HistoryStep | undefined {
  const parts = items.toSorted((a, b) => a.part - b.part);
  const [first] = parts;
  if (first?.part !== 0 || parts.length < first.parts) return undefined;
  const { version, at, previousAt, added, removed, changed } = first;
  const blobs = parts.slice(0, first.parts).map((item) => item.data as Uint8Array);
  const open = async () => restore(shape, await unpackJson(blobs));
  return { version, at, previousAt, added, removed, changed, delta: open };
}

/** The newest version made at or before `moment`, found by halving: a long history is not read to its end. */
async function versionAt(address: Address, latest: number, moment: number): Promise<number> {
  let [low, high] = [1, latest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const { data } = await delta()
      .get({ ...address, version: middle, part: 0 })
      .go({ attributes: ["at"] });
    if (data && data.at > moment) high = middle - 1;
    else low = middle;
  }
  return low;
}

/**
 * The steps of a collection's history, newest first, as far back as deltas are kept: from version `from` down, or from
 * what was current at `until` (epoch ms). What a writer wrote and did not publish is left out.
 */
export async function* walkHistory(
  address: Address,
  shape: Shape,
  { from, until }: { from?: number | undefined; until?: number | undefined } = {},
): AsyncGenerator<HistoryStep> {
  const head = await loadHeadBatched(address);
  if (!head) return;
  const latest = Math.min(from ?? head.version, head.version);
  const start = until === undefined || until >= head.changedAt ? latest : await versionAt(address, latest, until);
  let cursor: string | null = null;
  let parts: Item[] = [];
  let limit = firstPage;
  do {
    const read: Awaited<ReturnType<typeof page>> = await page(address, start, limit, cursor);
    for (const item of read.data.filter(({ version }) => version <= start)) {
      if (parts[0] && parts[0].version !== item.version) {
        const step = stepOf(shape, parts);
        if (step) yield step;
        parts = [];
      }
      parts.push(item);
    }
    cursor = read.cursor;
    limit = furtherPages;
  } while (cursor);
  const last = stepOf(shape, parts);
  if (last) yield last;
}

/** Deltas that would tell what the collection looked like then have expired. */
export class ForgottenError extends Error {
  override readonly name = "SnapshotForgottenError";
  /** From when on (epoch ms) it is known. */
  readonly since: number;

  constructor(since: number) {
    super(`history is kept since ${new Date(since).toISOString()}`);
    this.since = since;
  }
}

/** From when on (epoch ms) a collection's versions are known, and whether that is where it began. */
export interface Beginning {
  since: number;
  isFirst: boolean;
}

async function beginningOf(address: Address, head: Head): Promise<Beginning> {
  const { data } = await delta()
    .query.history(address)
    .between({ version: 0 }, { version: head.version + 1 })
    .go({ limit: 1, attributes: ["version", "previousAt"] });
  const [oldest] = data.filter(({ version }) => version <= head.version);
  if (!oldest) return { since: head.changedAt, isFirst: head.version <= 1 };
  return { since: oldest.previousAt, isFirst: oldest.version <= 2 };
}

/** How far back a collection is known; undefined where nothing was ever stored. One read, however long the history is. */
export async function beginning(address: Address): Promise<Beginning | undefined> {
  const head = await loadHeadBatched(address);
  return head && head.version > 0 ? beginningOf(address, head) : undefined;
}

/** The view before the first version, where that is what was asked for. What was forgotten is refused before it is read. */
async function beforeAll(address: Address, shape: Shape, head: Head, moment: number): Promise<View | undefined> {
  const { since, isFirst } = await beginningOf(address, head);
  if (since <= moment) return undefined;
  if (!isFirst) throw new ForgottenError(since);
  return View.empty(shape);
}

async function unwind(address: Address, shape: Shape, head: Head, current: View, moment: number): Promise<View> {
  let { version, changedAt: since } = head;
  const nothing = since > moment ? await beforeAll(address, shape, head, moment) : undefined;
  if (nothing) return nothing;
  const unwinding = new Unwinding(current);
  if (since > moment) {
    for await (const step of walkHistory(address, shape, { from: version })) {
      if (step.version !== version) break;
      unwinding.take(await step.delta());
      version -= 1;
      since = step.previousAt;
      if (since <= moment) break;
    }
  }
  if (since <= moment) return unwinding.finish(version);
  // Before its first version nothing was known; before any other one it is forgotten.
  if (version <= 1) return View.empty(shape);
  throw new ForgottenError(since);
}

/**
 * The collection as it was at a moment (epoch ms): the current version with every later delta taken back. Throws
 * ForgottenError when those deltas have expired.
 */
export async function at(address: Address, shape: Shape, moment: number): Promise<View> {
  const head = await loadHeadBatched(address);
  if (!head || head.version === 0) return View.empty(shape);
  const current = await loadView(address, shape, "eventual", head);
  // Overtaken while it was read: the head has to be that of the version in hand.
  return current.version === head.version ? unwind(address, shape, head, current, moment) : at(address, shape, moment);
}
