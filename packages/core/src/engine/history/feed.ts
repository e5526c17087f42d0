import * as z from "zod";
import type { Owner } from "../../owner/index.ts";
import * as Cursor from "../../platform/cursor/index.ts";
import type { Dataset, NameOf } from "../dataset/index.ts";
import { type Batch, batchesOf } from "./batches.ts";
import { idOf } from "./change.ts";
import { type Entry, entriesOf, summaryOf } from "./entry.ts";

/** In the feed of a whole owner a refresh that changed more rows than this is summed up. */
const mostRows = 20;
/** Batches looked at for one page: where little is worth telling, a page comes back short rather than late. */
const mostBatches = 500;

/**
 * Where each dataset's reading goes on: its batch, and the id of its last reported row, if there is one. A dataset
 * that has ended is missing.
 */
const Place = z.record(z.string(), z.tuple([z.int(), z.string().nullable()]));

/** One dataset's part of the feed. */
interface Lane {
  dataset: Dataset;
  batches: AsyncGenerator<Batch>;
  next: Batch | undefined;
  /** The last reported row of `next`. */
  lastId: string | null;
}

type Start = readonly [position: number, reported: string | null];

async function openLane(owner: Owner, dataset: Dataset, until: number | undefined, from?: Start): Promise<Lane> {
  const [position, reported] = from ?? [undefined, null];
  const batches = batchesOf(owner, dataset, { until, position });
  const { value: next } = await batches.next();
  return { dataset, batches, next: next ?? undefined, lastId: next?.position === position ? reported : null };
}

async function advance(lane: Lane): Promise<void> {
  const { value } = await lane.batches.next();
  lane.next = value ?? undefined;
  lane.lastId = null;
}

const latest = (lanes: readonly Lane[], from: number): Lane | undefined => {
  let found: Lane | undefined;
  for (const lane of lanes) {
    if (lane.next && lane.next.at >= from && lane.next.at > (found?.next?.at ?? -1)) found = lane;
  }
  return found;
};

interface Telling {
  name: NameOf;
  /** One dataset's own history: every row of every change. Otherwise what is worth telling, large changes summed up. */
  everything: boolean;
}

/** Tells what is left of a lane's next batch, at most `room` rows of it, and whether that was all. */
async function nextEntries({ dataset, lastId: reported }: Lane, batch: Batch, room: number, telling: Telling) {
  const { counts, position, at } = batch;
  const size = counts.added + counts.removed + counts.changed;
  if (!telling.everything && size > mostRows) {
    return { entries: [summaryOf(dataset, at, String(position), counts)], isDone: true, reported };
  }
  const changes = await batch.open();
  const ids = changes.map((change) => idOf(dataset, change));
  const start = reported === null ? 0 : ids.indexOf(reported) + 1;
  const end = Math.min(changes.length, start + room);
  const entries = changes.slice(start, end).flatMap((change, index) => {
    const id = `${position}/${ids[start + index]}`;
    return entriesOf(dataset, { id, at, change }, telling.name, telling.everything);
  });
  return { entries, isDone: end >= changes.length, reported: ids[end - 1] ?? reported };
}

export interface FeedOptions extends Telling {
  owner: Owner;
  datasets: readonly Dataset[];
  /** Epoch ms. */
  from: number;
  until: number | undefined;
  cursor: string | undefined;
  limit: number;
  /** Which feed: a cursor goes on in this one only. */
  list: unknown;
}

/** Merges the histories of several datasets, newest first. */
export async function readFeed(options: FeedOptions): Promise<{ entries: Entry[]; nextCursor?: string }> {
  const { owner, from, until, limit } = options;
  const cursorForm = { code: "history.bad_cursor", place: Place };
  const cursor = options.cursor === undefined ? undefined : Cursor.read(options.list, options.cursor, cursorForm);
  const read = options.datasets.filter(({ name }) => !cursor || Object.hasOwn(cursor, name));
  const lanes: Lane[] = await Promise.all(
    read.map((dataset) => openLane(owner, dataset, until, cursor?.[dataset.name])),
  );
  const entries: Entry[] = [];
  for (let looked = 0; looked < mostBatches && entries.length < limit; looked += 1) {
    const lane = latest(lanes, from);
    if (!lane?.next) break;
    const { entries: more, isDone, reported } = await nextEntries(lane, lane.next, limit - entries.length, options);
    entries.push(...more);
    lane.lastId = reported;
    if (isDone) await advance(lane);
  }
  const open = lanes.flatMap(({ dataset, next, lastId: reported }) =>
    next && next.at >= from ? [[dataset.name, [next.position, reported]] as const] : [],
  );
  await Promise.all(lanes.map(({ batches }) => batches.return(undefined)));
  return { entries, ...(open.length > 0 ? { nextCursor: Cursor.write(options.list, Object.fromEntries(open)) } : {}) };
}
