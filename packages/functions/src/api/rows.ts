import { Datasets } from "@tapi/core/corporation";
import * as Rows from "@tapi/core/rows";
import { Hono } from "hono";
import * as z from "zod";
import { csvAnswer, csvPart, fileQuery, profileOf } from "./csv.ts";
import { describe } from "./describe.ts";
import { validate } from "./validate.ts";

export const Params = z.object({ corporationId: z.coerce.number().int().positive(), dataset: z.string() });

/** The conditions on a table's rows. */
const Conditions = Rows.Query.pick({ search: true, from: true, to: true, filters: true, absent: true });
export const Filtered = Conditions.extend(Rows.Query.pick({ sort: true }).shape);

export const Paged = Filtered.extend({
  cursor: z.string().max(Rows.longestCursor).optional(),
  limit: z.coerce.number().int().min(1).max(Rows.maxLimit).optional(),
});
const Faceted = Conditions.extend({
  ...Rows.Query.pick({ at: true }).shape,
  column: z.string(),
  sum: z.string().optional(),
});

export const rows = new Hono()
  .get(
    "/:corporationId/datasets/:dataset/rows",
    describe("A page of a dataset's rows", z.array(Rows.Row), {
      meta: Rows.Page.shape.meta,
    }),
    validate("param", Params),
    validate("query", Paged),
    async (c) => {
      const { rows: data, meta } = await Rows.list({ ...c.req.valid("query"), ...c.req.valid("param") });
      return c.json({ data, meta });
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/rows.csv",
    describe("All rows that pass, as CSV", undefined, csvAnswer),
    validate("param", Params),
    validate("query", Filtered.extend(fileQuery)),
    async (c) => {
      const params = c.req.valid("param");
      const part = await Rows.csv({ ...c.req.valid("query"), ...params, ...profileOf(c) });
      const { name } = Datasets.get(params.dataset);
      return csvPart(c, part, `${name}-${params.corporationId}`);
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/rows/facets",
    describe("The values of a column among the rows that pass, now or at a moment, with counts", z.array(Rows.Facet)),
    validate("param", Params),
    validate("query", Faceted),
    async (c) => {
      return c.json({ data: await Rows.facets({ ...c.req.valid("query"), ...c.req.valid("param") }) });
    },
  );
