import * as History from "@tapi/core/engine/history";
import { Hono } from "hono";
import * as z from "zod";
import { csvAnswer, csvPart, fileQuery, profileOf } from "./csv.ts";
import { describe } from "./describe.ts";
import type { Params } from "./owner-params.ts";
import { fileName } from "./rows.ts";
import { validate } from "./validate.ts";

const Feed = History.feed.schema.omit({ owner: true });
const FeedCsv = Feed.omit({ limit: true }).extend(fileQuery);
const Between = History.between.schema.omit({ owner: true, dataset: true });
const BetweenCsv = Between.omit({ limit: true }).extend(fileQuery);

const Meta = z.object({ nextCursor: z.string().optional() });

export const historyOf = ({ Owned, OwnedDataset }: Params) =>
  new Hono()
    .get(
      "/history",
      describe("What changed, newest first, in words and as data", z.array(History.Entry), { meta: Meta }),
      validate("param", Owned),
      validate("query", Feed),
      async (c) => {
        const { entries, ...meta } = await History.feed({ ...c.req.valid("query"), ...c.req.valid("param") });
        return c.json({ data: entries, meta });
      },
    )
    .get(
      "/history.csv",
      describe("What changed, as CSV", undefined, csvAnswer),
      validate("param", Owned),
      validate("query", FeedCsv),
      async (c) => {
        const params = c.req.valid("param");
        const part = await History.feedCsv({ ...c.req.valid("query"), ...params, ...profileOf(c) });
        return csvPart(c, part, `history-${params.owner.id}`);
      },
    )
    .get(
      "/datasets/:dataset/changes",
      describe("What differs between two moments", z.array(History.Entry), { meta: History.Changes.shape.meta }),
      validate("param", OwnedDataset),
      validate("query", Between),
      async (c) => {
        const { entries, meta } = await History.between({ ...c.req.valid("query"), ...c.req.valid("param") });
        return c.json({ data: entries, meta });
      },
    )
    .get(
      "/datasets/:dataset/changes.csv",
      describe("What differs between two moments, as CSV", undefined, csvAnswer),
      validate("param", OwnedDataset),
      validate("query", BetweenCsv),
      async (c) => {
        const params = c.req.valid("param");
        const part = await History.betweenCsv({ ...c.req.valid("query"), ...params, ...profileOf(c) });
        return csvPart(c, part, fileName(params, "changes"));
      },
    );
