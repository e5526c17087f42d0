import * as z from "zod";
import { Owner } from "../../owner/index.ts";
import * as Csv from "../../platform/csv/index.ts";
import * as Cursor from "../../platform/cursor/index.ts";
import { fn } from "../../platform/fn/index.ts";
import type { Dataset, NameOf } from "../dataset/index.ts";
import { datasetsOf, requireReader } from "../kind/index.ts";
import { columnKindsOf, endOf, Moment, namesOf, requireOrder, startOf } from "../table/index.ts";
import { clamped, differenceOf } from "./difference.ts";
import { Entry, nameOf } from "./entry.ts";
import { readFeed } from "./feed.ts";
import { EntryFile } from "./file.ts";

export { Entry } from "./entry.ts";

const maxLimit = 200;
/** Pages of the feed that a part of its CSV is made of: where little is reported, a part is short rather than late. */
const mostPages = 60;

const Owned = z.object({ owner: Owner });
const Paged = {
  cursor: z.string().max(Cursor.longest).optional(),
  limit: z.coerce.number().int().min(1).max(maxLimit).default(50),
};

/** The datasets whose changes an owner's feed tells. */
const telling = (owner: Owner): Dataset[] => datasetsOf(owner).datasets.filter(({ history }) => history !== undefined);

async function namesFor(owner: Owner, datasets: readonly Dataset[]): Promise<NameOf> {
  const kinds = new Set(datasets.flatMap(columnKindsOf));
  return nameOf(await namesOf(owner, kinds));
}

const Feed = Owned.extend({
  /** This dataset's own history, every row of it; otherwise what is worth telling of all. */
  dataset: z.string().optional(),
  from: Moment.optional(),
  to: Moment.optional(),
});

type FeedQuery = z.output<typeof Feed>;

async function readEntries(
  kind: "history" | "history.csv",
  { owner, dataset, from, to }: FeedQuery,
  page: { cursor?: string | undefined; limit: number },
) {
  const datasets = dataset ? [datasetsOf(owner).get(dataset)] : telling(owner);
  requireOrder({ from, to }, "history.bad_period");
  return readFeed({
    owner,
    datasets,
    name: await namesFor(owner, datasets),
    everything: dataset !== undefined,
    from: from ? startOf(from) : 0,
    // Nothing has happened after now: a moment beyond it asks for no months that there cannot be.
    until: to ? Math.min(endOf(to), Date.now()) : undefined,
    cursor: page.cursor,
    limit: page.limit,
    list: [kind, owner.id, dataset ?? null, from ?? null, to ?? null],
  });
}

/** What changed of an owner, newest first, in words and as data. Every reader of the owner may ask. */
export const feed = fn(
  Feed.extend(Paged),
  async ({ cursor, limit, ...query }): Promise<{ entries: Entry[]; nextCursor?: string }> => {
    await requireReader(query.owner);
    return readEntries("history", query, { cursor, limit });
  },
);

/** The feed as CSV, in parts: each as many entries as one answer holds. */
export const feedCsv = fn(Feed.extend(Csv.FileOptions.shape), async ({ cursor, profile, bom, ...query }) => {
  await requireReader(query.owner);
  const file = new EntryFile({ cursor, profile });
  let next = cursor;
  let limit = maxLimit;
  for (let page = 0; page < mostPages && !file.isFull; page += 1) {
    const read = await readEntries("history.csv", query, { cursor: next, limit });
    if (file.add(read.entries)) {
      next = read.nextCursor;
      if (!next) break;
    } else {
      // Begun with less, unless what is there already makes a part.
      if (file.entries > 0) break;
      limit = Math.max(1, limit >> 1);
    }
  }
  return { text: file.text(bom), ...(next ? { nextCursor: next } : {}) };
});

const Between = Owned.extend({ dataset: z.string(), from: Moment, to: Moment.optional() });

export const Changes = z.object({
  entries: z.array(Entry),
  meta: z.object({
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    /** The moments that were compared: those asked for, as far as they are over and kept. */
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    nextCursor: z.string().optional(),
  }),
});
export type Changes = z.infer<typeof Changes>;

/** Where a difference goes on: between which moments (epoch ms), and behind which of its changes. */
const Place = z.object({ from: z.number(), to: z.number(), last: z.string() });

/** A page of a difference. Its moments stay those of the first page, so that every page is of the same difference. */
async function readDifference(
  kind: "changes" | "changes.csv",
  { owner, dataset: name, from, to }: z.output<typeof Between>,
  cursor: string | undefined,
) {
  const dataset = datasetsOf(owner).get(name);
  requireOrder({ from, to }, "history.bad_period");
  const list = [kind, owner.id, name, from, to ?? null];
  const refused = { code: "history.bad_cursor", place: Place };
  const place = cursor === undefined ? undefined : Cursor.read(list, cursor, refused);
  const requested = { from: startOf(from), to: to ? endOf(to) : Date.now() };
  const [span, nameFor] = await Promise.all([place ?? clamped(owner, dataset, requested), namesFor(owner, [dataset])]);
  const difference = await differenceOf(owner, dataset, { from: span.from, to: span.to }, nameFor);
  const start = place ? difference.ids.indexOf(place.last) + 1 : 0;
  const cursorAt = (end: number) => {
    const last = difference.ids[end - 1];
    if (last === undefined || end >= difference.ids.length) return {};
    return { nextCursor: Cursor.write(list, { from: span.from, to: span.to, last }) };
  };
  return { difference, start, cursorAt };
}

/** The net difference between two moments: a row that came and went in between is no part of it. */
export const between = fn(Between.extend(Paged), async ({ cursor, limit, ...query }): Promise<Changes> => {
  await requireReader(query.owner);
  const { difference, start, cursorAt } = await readDifference("changes", query, cursor);
  const { counts, span, entriesBetween } = difference;
  const period = { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() };
  const end = start + limit;
  return { entries: entriesBetween(start, end), meta: { ...counts, ...period, ...cursorAt(end) } };
});

/** The net difference as CSV, in parts. */
export const betweenCsv = fn(Between.extend(Csv.FileOptions.shape), async ({ cursor, profile, bom, ...query }) => {
  await requireReader(query.owner);
  const { difference, start, cursorAt } = await readDifference("changes.csv", query, cursor);
  const file = new EntryFile({ cursor, profile });
  let end = start;
  while (end < difference.ids.length && !file.isFull && file.add(difference.entriesBetween(end, end + 1))) end += 1;
  return { text: file.text(bom), ...cursorAt(end) };
});
