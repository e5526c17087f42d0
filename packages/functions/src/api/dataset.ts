import { Datasets } from "@tapi/core/corporation";
import { type Dataset, rolesOf, scopesOf } from "@tapi/core/dataset";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";

const Entry = z.object({
  name: z.string(),
  title: z.string(),
  group: z.string(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  columns: z.array(z.object({ key: z.string(), title: z.string(), kind: z.string(), hidden: z.boolean().optional() })),
  defaultSort: z.string(),
  dateColumn: z.string().optional(),
});

const entry = (dataset: Dataset): z.infer<typeof Entry> => ({
  name: dataset.name,
  title: dataset.title,
  group: dataset.group,
  scopes: scopesOf(dataset),
  roles: rolesOf(dataset),
  columns: [
    ...Object.entries(dataset.columns),
    ...Object.entries(dataset.derived ?? {}).map(([key, { column }]) => [key, column] as const),
  ].map(([key, column]) => ({ key, ...column })),
  defaultSort: dataset.sort,
  ...(dataset.dateColumn ? { dateColumn: dataset.dateColumn } : {}),
});

export const dataset = new Hono().get(
  "/",
  describe("Every corporation dataset and how its table looks", z.array(Entry), { isPublic: true }),
  (c) => {
    c.header("Cache-Control", "private, max-age=300");
    return c.json({ data: Datasets.datasets.map(entry) });
  },
);
