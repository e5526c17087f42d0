import * as z from "zod";
import * as Access from "../access/index.ts";
import { Datasets } from "../corporation/index.ts";
import * as Csv from "../csv/index.ts";
import type { Dataset, NameOf } from "../dataset/index.ts";
import { VisibleError } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import * as Rows from "../rows/index.ts";
import { namesOf } from "../rows/names.ts";
import { endOf, Moment } from "../rows/period.ts";
import { kindsOf } from "../rows/table.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { Entry, nameOf } from "./entry.ts";
import { readFeed } from "./feed.ts";

export { Entry } from "./entry.ts";

/** Lines that a CSV of a feed holds at most. */
const mostLines = 10_000;
const maxLimit = 200;

const Corporation = z.object({ corporationId: z.int().positive() });
const Paged = {
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(maxLimit).default(50),
};

/** The datasets that have something to tell in a corporation's feed. */
const telling = (): Dataset[] => Datasets.datasets.filter(({ history }) => history !== undefined);

async function namesFor(corporationId: number, datasets: readonly Dataset[]): Promise<NameOf> {
  const kinds = new Set(datasets.flatMap(({ name }) => kindsOf(name)));
  return nameOf(await namesOf(corporationId, kinds));
}

const Feed = Corporation.extend({
  /** This dataset's own history, every row of it; otherwise what is worth telling of all. */
  dataset: z.string().optional(),
  from: Moment.optional(),
  to: Moment.optional(),
});

async function readEntries(
  { corporationId, dataset, from, to }: z.output<typeof Feed>,
  page: { cursor?: string | undefined; limit: number },
) {
  const datasets = dataset ? [Datasets.get(dataset)] : telling();
  return readFeed({
    corporationId,
    datasets,
    name: await namesFor(corporationId, datasets),
    everything: dataset !== undefined,
    from: from ? Date.parse(from) : 0,
    until: to ? endOf(to) : undefined,
    cursor: page.cursor,
    limit: page.limit,
  });
}

/** What changed in a corporation, newest first, in words and as data. Every reader of the corporation may ask. */
export const feed = fn(
  Feed.extend(Paged),
  async ({ cursor, limit, ...asked }): Promise<{ entries: Entry[]; nextCursor?: string }> => {
    await Access.requireCorporation(asked.corporationId);
    return readEntries(asked, { cursor, limit });
  },
);

const csvColumns = ["at", "dataset", "kind", "change", "text"] as const;

const csvOf = (entries: readonly Entry[]): Promise<Uint8Array> =>
  Csv.pack([
    csvColumns.join(","),
    ...entries.map((entry) => csvColumns.map((column) => Csv.cell(entry[column])).join(",")),
  ]);

/** The feed as gzipped CSV, its latest ten thousand entries. */
export const feedCsv = fn(Feed, async (asked): Promise<Uint8Array> => {
  await Access.requireCorporation(asked.corporationId);
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await readEntries(asked, { cursor, limit: mostLines - entries.length });
    entries.push(...page.entries);
    cursor = page.nextCursor;
  } while (cursor && entries.length < mostLines);
  return csvOf(entries);
});

/** A page of a dataset's rows as they were at a moment: the same query as of the rows of today. */
export const asOf = fn(Rows.list.schema.required({ at: true }), (query) => Rows.list(query));

/** All rows as they were at a moment, as gzipped CSV. */
export const asOfCsv = fn(Rows.Query.required({ at: true }), (query) => Rows.csv(query));

const Between = Corporation.extend({ dataset: z.string(), from: Moment, to: Moment.optional() });

export const Changes = z.object({
  entries: z.array(Entry),
  meta: z.object({
    added: z.int(),
    removed: z.int(),
    changed: z.int(),
    nextCursor: z.string().optional(),
  }),
});
export type Changes = z.infer<typeof Changes>;

async function readDifference({
  corporationId,
  dataset: name,
  from,
  to,
}: z.output<typeof Between>): Promise<Difference> {
  const dataset = Datasets.get(name);
  const period = { from: Date.parse(from), to: to ? endOf(to) : Date.now() };
  if (period.from > period.to) {
    throw new VisibleError("validation", "history.bad_period", "The first moment is later than the second.");
  }
  const nameFor = namesFor(corporationId, [dataset]);
  return differenceOf(corporationId, dataset, period, await nameFor);
}

/** The net difference between two moments: a row that came and went in between is no part of it. */
export const between = fn(
  Between.extend({
    ...Paged,
    cursor: z
      .string()
      .regex(/^\d{1,9}$/)
      .optional(),
  }),
  async ({ cursor, limit, ...asked }): Promise<Changes> => {
    await Access.requireCorporation(asked.corporationId);
    const { counts, tell } = await readDifference(asked);
    const offset = Number(cursor ?? 0);
    const end = offset + limit;
    const more = end < counts.added + counts.removed + counts.changed;
    return { entries: tell(offset, end), meta: { ...counts, ...(more ? { nextCursor: String(end) } : {}) } };
  },
);

/** The net difference as gzipped CSV. */
export const betweenCsv = fn(Between, async (asked): Promise<Uint8Array> => {
  await Access.requireCorporation(asked.corporationId);
  return csvOf((await readDifference(asked)).tell(0, Number.POSITIVE_INFINITY));
});
