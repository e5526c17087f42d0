import { Datasets } from "@tapi/core/corporation";
import * as History from "@tapi/core/history";
import * as Rows from "@tapi/core/rows";
import { Hono } from "hono";
import * as z from "zod";
import { csvAnswer, csvPart, fileQuery, profileOf } from "./csv.ts";
import { describe } from "./describe.ts";
import { Filtered, Paged, Params } from "./rows.ts";
import { validate } from "./validate.ts";

const Id = Params.pick({ corporationId: true });
const Feed = History.feed.schema.omit({ corporationId: true });
const FeedCsv = Feed.omit({ limit: true }).extend(fileQuery);
const Between = History.between.schema.omit({ corporationId: true, dataset: true });
const BetweenCsv = Between.omit({ limit: true }).extend(fileQuery);
const At = History.asOf.schema.pick({ at: true }).shape;

const Meta = z.object({ nextCursor: z.string().optional() });

/** A file is named after a dataset that is there. */
const fileName = ({ corporationId, dataset }: z.output<typeof Params>, what: string) =>
  `${Datasets.get(dataset).name}-${what}-${corporationId}`;

export const history = new Hono()
  .get(
    "/:corporationId/history",
    describe("What changed, newest first, in words and as data", z.array(History.Entry), { meta: Meta }),
    validate("param", Id),
    validate("query", Feed),
    async (c) => {
      const { entries, ...meta } = await History.feed({ ...c.req.valid("query"), ...c.req.valid("param") });
      return c.json({ data: entries, meta });
    },
  )
  .get(
    "/:corporationId/history.csv",
    describe("What changed, as CSV", undefined, csvAnswer),
    validate("param", Id),
    validate("query", FeedCsv),
    async (c) => {
      const params = c.req.valid("param");
      const part = await History.feedCsv({ ...c.req.valid("query"), ...params, ...profileOf(c) });
      return csvPart(c, part, `history-${params.corporationId}`);
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/as-of",
    describe("A page of a dataset's rows as they were at a moment", z.array(Rows.Row), {
      meta: Rows.Page.shape.meta,
    }),
    validate("param", Params),
    validate("query", Paged.extend(At)),
    async (c) => {
      const { rows: data, meta } = await History.asOf({ ...c.req.valid("query"), ...c.req.valid("param") });
      return c.json({ data, meta });
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/as-of.csv",
    describe("All rows as they were at a moment, as CSV", undefined, csvAnswer),
    validate("param", Params),
    validate("query", Filtered.extend(At).extend(fileQuery)),
    async (c) => {
      const params = c.req.valid("param");
      const part = await History.asOfCsv({ ...c.req.valid("query"), ...params, ...profileOf(c) });
      return csvPart(c, part, fileName(params, "as-of"));
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/changes",
    describe("What differs between two moments", z.array(History.Entry), { meta: History.Changes.shape.meta }),
    validate("param", Params),
    validate("query", Between),
    async (c) => {
      const { entries, meta } = await History.between({ ...c.req.valid("query"), ...c.req.valid("param") });
      return c.json({ data: entries, meta });
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/changes.csv",
    describe("What differs between two moments, as CSV", undefined, csvAnswer),
    validate("param", Params),
    validate("query", BetweenCsv),
    async (c) => {
      const params = c.req.valid("param");
      const part = await History.betweenCsv({ ...c.req.valid("query"), ...params, ...profileOf(c) });
      return csvPart(c, part, fileName(params, "changes"));
    },
  );
