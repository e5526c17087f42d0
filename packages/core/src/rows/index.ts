import * as z from "zod";
import * as Access from "../access/index.ts";
import { cell, pack } from "../csv/index.ts";
import { VisibleError } from "../error/index.ts";
import { fn } from "../fn/index.ts";
import { type Names, namedKinds, namesOf } from "./names.ts";
import { withNestedNames } from "./nested.ts";
import { Moment } from "./period.ts";
import { match, page, textOf } from "./select.ts";
import { kindsOf, open, type Table } from "./table.ts";

/** Rows a page holds at most. */
export const maxLimit = 500;
const defaultLimit = 100;
/** Facets listed at most: a filter with more choices than that is typed, not picked. */
const maxFacets = 500;

export const Query = z.object({
  corporationId: z.int().positive(),
  dataset: z.string(),
  search: z.string().max(100).optional(),
  sort: z.string().max(60).optional(),
  filters: z.record(z.string(), z.string()).default({}),
  from: Moment.optional(),
  to: Moment.optional(),
  /** The table as it was then, instead of as it is. */
  at: Moment.optional(),
});
export type Query = z.output<typeof Query>;

export const Row = z.record(z.string(), z.unknown());

export const Page = z.object({
  rows: z.array(Row),
  meta: z.object({
    total: z.int(),
    matched: z.int(),
    version: z.int(),
    nextCursor: z.string().optional(),
  }),
});
export type Page = z.infer<typeof Page>;

async function openFor(query: Query): Promise<{ table: Table; names: Names }> {
  const { corporationId, dataset } = query;
  const kinds = kindsOf(dataset);
  // What is read is handed out only once the asker is known to be allowed: asking takes no longer than reading.
  const allowed = Access.requireCorporation(corporationId);
  const [table, names] = await Promise.all([
    open(corporationId, dataset, query),
    namesOf(corporationId, kinds),
    allowed,
  ]);
  return { table, names };
}

/** A row for people: every shown column by its key, and `<key>_name` beside ids that have a name, nested ones as well. */
function present({ columns, codes }: Table, names: Names, at: number): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const [column, { kind }] of Object.entries(columns)) {
    const { codes: code, values } = codes(column);
    const value = values[code[at] as number];
    if (value === undefined) continue;
    row[column] = typeof value === "object" ? withNestedNames(value, names) : value;
    if (!namedKinds.includes(kind)) continue;
    const name = names.of(kind, value as number);
    if (name !== undefined) row[`${column}_name`] = name;
  }
  return row;
}

const cursorOf = (offset: number): string => Buffer.from(JSON.stringify({ offset })).toString("base64url");

const Cursor = z.object({ offset: z.int().min(0) });

function offsetOf(cursor: string | undefined): number {
  if (!cursor) return 0;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, "base64url").toString())).offset;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new VisibleError("validation", "rows.bad_cursor", "That cursor was not made by this list.");
  }
}

/** A page of a dataset's rows: filtered, searched, sorted. Every reader of the corporation may ask. */
export const list = fn(
  Query.extend({
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(maxLimit).default(defaultLimit),
  }),
  async ({ cursor, limit, ...query }): Promise<Page> => {
    const { table, names } = await openFor(query);
    const offset = offsetOf(cursor);
    const { found, matched } = page(table, names, query, offset, limit);
    const next = offset + found.length;
    return {
      rows: found.map((at) => present(table, names, at)),
      meta: {
        total: table.view.length,
        matched,
        version: table.view.version,
        ...(next < matched ? { nextCursor: cursorOf(next) } : {}),
      },
    };
  },
);

export const Facet = z.object({
  value: z.unknown(),
  name: z.string().optional(),
  count: z.int(),
  sum: z.number().optional(),
});
export type Facet = z.infer<typeof Facet>;

/** The distinct values of a column among the rows that pass, most frequent first; `sum` adds up another column. */
export const facets = fn(
  Query.extend({ column: z.string(), sum: z.string().optional() }),
  async ({ column, sum, ...query }): Promise<Facet[]> => {
    const { table, names } = await openFor(query);
    // The column's own filter does not narrow its choices.
    const { [column]: _own, ...filters } = query.filters;
    const marks = match(table, names, { ...query, filters });
    const { codes, values } = table.codes(column);
    const summed = sum ? table.codes(sum) : undefined;
    const counts = new Array<number>(values.length).fill(0);
    const sums = new Array<number>(values.length).fill(0);
    for (let at = 0; at < marks.length; at += 1) {
      if (!marks[at]) continue;
      const code = codes[at] as number;
      counts[code] = (counts[code] as number) + 1;
      if (summed) sums[code] = (sums[code] as number) + Number(summed.values[summed.codes[at] as number] ?? 0);
    }
    const kind = table.columns[column]?.kind;
    return values
      .map((value, code): Facet => {
        const name =
          kind && namedKinds.includes(kind) && value !== undefined ? names.of(kind, value as number) : undefined;
        return {
          value: value ?? null,
          count: counts[code] as number,
          ...(name ? { name } : {}),
          ...(summed ? { sum: sums[code] as number } : {}),
        };
      })
      .filter((facet) => facet.count > 0)
      .sort((a, b) => b.count - a.count)
      .slice(0, maxFacets);
  },
);

/** All rows that pass, as gzipped CSV with a header line: ids and their names in columns of their own. */
export const csv = fn(Query, async (query): Promise<Uint8Array> => {
  const { table, names } = await openFor(query);
  const { found } = page(table, names, query, 0, Number.POSITIVE_INFINITY);
  const columns = Object.entries(table.columns).flatMap(([column, { kind }]) => {
    const { codes, values } = table.codes(column);
    const texts = values.map(cell);
    const own = { title: column, of: (at: number) => texts[codes[at] as number] as string };
    if (!namedKinds.includes(kind)) return [own];
    const labels = values.map((value) => cell(value === undefined ? undefined : textOf(table, names, column, value)));
    return [own, { title: `${column}_name`, of: (at: number) => labels[codes[at] as number] as string }];
  });
  const lines = found.map((at) => columns.map((column) => column.of(at)).join(","));
  return pack([columns.map((column) => column.title).join(","), ...lines]);
});
