import * as z from "zod";
import { Owner } from "../../owner/index.ts";
import * as Cursor from "../../platform/cursor/index.ts";
import { datasetsOf, requireReader } from "../kind/index.ts";
import { columnKindsOf, Moment, type Names, namesOf, open, requireOrder, type Table } from "../table/index.ts";
import { type Found, Last, page } from "./page.ts";

export const Query = z.object({
  owner: Owner,
  dataset: z.string(),
  search: z.string().max(100).optional(),
  /** A column; descending with a leading `-`. */
  sort: z.string().max(60).optional(),
  /** For each column the values of which a row must have one. */
  filters: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  /** Columns in which a row may also have no value: alone, those that have none. */
  absent: z.array(z.string()).optional(),
  from: Moment.optional(),
  to: Moment.optional(),
  /** The table as it was then, instead of as it is. */
  at: Moment.optional(),
});
export type Query = z.output<typeof Query>;

/** A dataset as a table with the names of its ids, for those who can read the owner. */
export async function openFor(query: Query, pinned?: number): Promise<{ table: Table; names: Names }> {
  const { owner } = query;
  const dataset = datasetsOf(owner).get(query.dataset);
  requireOrder(query, "rows.bad_period");
  // What is read is handed out only once the asker is known to be allowed: asking takes no longer than reading.
  const allowed = requireReader(owner);
  const [table, names] = await Promise.all([
    open(owner, dataset, { ...query, pinned }),
    namesOf(owner, columnKindsOf(dataset)),
    allowed,
  ]);
  return { table, names };
}

/** Where a list goes on: in the table of which moment, and behind which of its rows. */
const Place = z.object({ moment: z.number(), last: Last });

const sorted = (values: readonly string[]): string[] => [...values].sort();

/** What a cursor belongs to: a list in one order, under the same conditions. The size of its pages may change. */
function cursorScope(kind: "rows" | "csv", { filters, absent = [], ...query }: Query): unknown {
  const { owner, dataset, search, sort, from, to, at } = query;
  const conditions = Object.entries(filters).map(([column, values]) => [column, sorted([values].flat())]);
  const where = [owner.id, dataset, search, sort, from, to, at].map((each) => each ?? null);
  return [kind, ...where, conditions.sort(), sorted(absent)];
}

/** A page of a list, and the cursor of the next one. Every page is of the version that the first one was of. */
export async function pageOf(
  kind: "rows" | "csv",
  query: Query,
  cursor: string | undefined,
  fitting: (table: Table, names: Names) => (row: number, count: number) => boolean,
): Promise<{ table: Table; names: Names; found: Found; nextCursor?: string }> {
  const list = cursorScope(kind, query);
  const place = cursor === undefined ? undefined : Cursor.read(list, cursor, { code: "rows.bad_cursor", place: Place });
  const { table, names } = await openFor(query, place?.moment);
  const found = page(table, names, query, { after: place?.last, hasRoom: fitting(table, names) });
  const { last } = found;
  return {
    table,
    names,
    found,
    ...(last ? { nextCursor: Cursor.write(list, { moment: table.moment, last }) } : {}),
  };
}
