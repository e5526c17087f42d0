import { datasetsOf } from "@tapi/core/engine/kind";
import * as Rows from "@tapi/core/engine/rows";
import type { Owner } from "@tapi/core/owner";
import { Hono } from "hono";
import * as z from "zod";
import { csvAnswer, csvPart, fileQuery, profileOf } from "./csv.ts";
import { describe } from "./describe.ts";
import type { Params } from "./owner-params.ts";
import { validate } from "./validate.ts";

/** The conditions on a table's rows, and the moment as of which they are asked for. */
const Conditions = Rows.Query.pick({ search: true, from: true, to: true, filters: true, absent: true, at: true });
const Filtered = Conditions.extend(Rows.Query.pick({ sort: true }).shape);

const Paged = Filtered.extend({
  cursor: z.string().max(Rows.longestCursor).optional(),
  limit: z.coerce.number().int().min(1).max(Rows.maxLimit).optional(),
});
const Faceted = Conditions.extend({
  column: z.string(),
  sum: z.string().optional(),
});

/** A file is named after a dataset that is there. */
export const fileName = ({ owner, dataset }: { owner: Owner; dataset: string }, what?: string): string =>
  [datasetsOf(owner).get(dataset).name, what, owner.id].filter((part) => part !== undefined).join("-");

export const rowsOf = ({ OwnedDataset }: Params) =>
  new Hono()
    .get(
      "/datasets/:dataset/rows",
      describe("A page of a dataset's rows, now or as they were at a moment", z.array(Rows.Row), {
        meta: Rows.Page.shape.meta,
      }),
      validate("param", OwnedDataset),
      validate("query", Paged),
      async (c) => {
        const { rows: data, meta } = await Rows.list({ ...c.req.valid("query"), ...c.req.valid("param") });
        return c.json({ data, meta });
      },
    )
    .get(
      "/datasets/:dataset/rows.csv",
      describe("All rows that pass, now or as they were at a moment, as CSV", undefined, csvAnswer),
      validate("param", OwnedDataset),
      validate("query", Filtered.extend(fileQuery)),
      async (c) => {
        const params = c.req.valid("param");
        const query = c.req.valid("query");
        const part = await Rows.csv({ ...query, ...params, ...profileOf(c) });
        return csvPart(c, part, fileName(params, query.at && "as-of"));
      },
    )
    .get(
      "/datasets/:dataset/rows/facets",
      describe("The values of a column among the rows that pass, now or at a moment, with counts", z.array(Rows.Facet)),
      validate("param", OwnedDataset),
      validate("query", Faceted),
      async (c) => {
        return c.json({ data: await Rows.facets({ ...c.req.valid("query"), ...c.req.valid("param") }) });
      },
    );
