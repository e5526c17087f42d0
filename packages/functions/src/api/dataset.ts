import { type Dataset, rolesOf, scopesOf } from "@tapi/core/engine/dataset";
import { registeredKinds } from "@tapi/core/engine/kind";
import { kinds, type Owner } from "@tapi/core/owner";
import { Hono } from "hono";
import * as z from "zod";
import { describe } from "./describe.ts";

const Entry = z.object({
  kind: z.enum(kinds),
  name: z.string(),
  title: z.string(),
  group: z.string(),
  place: z.enum(["front", "home", "main", "supporting", "part"]),
  label: z.string().optional(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  columns: z.array(z.object({ key: z.string(), title: z.string(), kind: z.string(), hidden: z.boolean().optional() })),
  defaultSort: z.string(),
  dateColumn: z.string().optional(),
});

const entry = (kind: Owner["kind"], dataset: Dataset): z.infer<typeof Entry> => ({
  kind,
  name: dataset.name,
  title: dataset.title,
  ...dataset.screen,
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
  describe("Every dataset, by the kind of owner that has it, and how its table looks", z.array(Entry), {
    isPublic: true,
  }),
  (c) => {
    c.header("Cache-Control", "private, max-age=300");
    return c.json({
      data: registeredKinds().flatMap(({ kind, datasets }) => datasets.datasets.map((each) => entry(kind, each))),
    });
  },
);
