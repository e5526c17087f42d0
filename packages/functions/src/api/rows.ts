import { Datasets } from "@tapi/core/corporation";
import * as Rows from "@tapi/core/rows";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";
import { validate } from "./validate.ts";

export const Params = z.object({ corporationId: z.coerce.number().int().positive(), dataset: z.string() });

export const filtering =
  "Filters are `filter.<column>=<value>`: an id or its name, several values separated by commas.";
export const Filtered = z.looseObject(Rows.Query.pick({ search: true, sort: true, from: true, to: true }).shape);

export const Paged = Filtered.extend({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(Rows.maxLimit).optional(),
});
const Faceted = Filtered.extend({
  ...Rows.Query.pick({ at: true }).shape,
  column: z.string(),
  sum: z.string().optional(),
});

/** What the query holds beyond its named parameters: the filters by column. */
export function query<T extends object>(input: T): T & { filters: Record<string, string> } {
  const filters: Record<string, string> = {};
  for (const [key, value] of Object.entries(input)) {
    if (key.startsWith("filter.")) filters[key.slice("filter.".length)] = String(value);
  }
  return { ...input, filters };
}

/** Headers of a gzipped CSV that browsers save under this name. */
export const csvHeaders = (name: string) => ({
  "Content-Type": "text/csv; charset=utf-8",
  "Content-Encoding": "gzip",
  "Content-Disposition": `attachment; filename="${name}.csv"`,
});

export const rows = new Hono()
  .get(
    "/:corporationId/datasets/:dataset/rows",
    describe("A page of a dataset's rows", z.array(Rows.Row), {
      meta: Rows.Page.shape.meta,
      description: filtering,
    }),
    validate("param", Params),
    validate("query", Paged),
    async (c) => {
      const { rows: data, meta } = await Rows.list({ ...query(c.req.valid("query")), ...c.req.valid("param") });
      return c.json({ data, meta });
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/rows.csv",
    describe("All rows that pass, as CSV", undefined, { media: "text/csv", description: filtering }),
    validate("param", Params),
    validate("query", Filtered),
    async (c) => {
      const params = c.req.valid("param");
      const bytes = await Rows.csv({ ...query(c.req.valid("query")), ...params });
      const { name } = Datasets.get(params.dataset);
      return c.body(Uint8Array.from(bytes), 200, csvHeaders(`${name}-${params.corporationId}`));
    },
  )
  .get(
    "/:corporationId/datasets/:dataset/rows/facets",
    describe("The values of a column among the rows that pass, now or at a moment, with counts", z.array(Rows.Facet), {
      description: filtering,
    }),
    validate("param", Params),
    validate("query", Faceted),
    async (c) => {
      const { column, ...rest } = c.req.valid("query");
      return c.json({ data: await Rows.facets({ ...query(rest), ...c.req.valid("param"), column }) });
    },
  );
