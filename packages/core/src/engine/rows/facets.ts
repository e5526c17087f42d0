import * as z from "zod";
import { Sums, travelling } from "../../platform/decimal/index.ts";
import { VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import type { DictionaryColumn, Table } from "../table/index.ts";
import { namedKinds } from "../table/index.ts";
import { openFor, Query } from "./query.ts";
import { match } from "./select.ts";

/** Facets listed at most: a filter with more choices than that is typed, not picked. */
const maxFacets = 500;

export const Facet = z.object({
  /** Null: no value. `filter.<column>` takes the others as a text, `absent=<column>` stands for none. */
  value: z.unknown(),
  name: z.string().optional(),
  count: z.int(),
  /** Exact; a text where no double says exactly that. */
  sum: z.union([z.number(), z.string()]).optional(),
});
export type Facet = z.infer<typeof Facet>;

/** The column to add up: numbers only. */
function summedBy(table: Table, column: string): DictionaryColumn {
  const encoded = table.encoded(column);
  const kind = table.columns[column]?.kind;
  if (kind === "number" || kind === "isk") return encoded;
  throw new VisibleError("validation", "rows.not_a_number", `${column} holds no amounts that could be added up.`, {
    columns: Object.keys(table.columns).filter((key) => ["number", "isk"].includes(table.columns[key]?.kind ?? "")),
  });
}

/** For each of the column's values how many of the marked rows have it, and what another column of those adds up to. */
function count(marks: Uint8Array, { indices, values }: DictionaryColumn, summed: DictionaryColumn | undefined) {
  const counts = new Uint32Array(values.length);
  const sums = new Sums(summed ? values.length : 0);
  for (let row = 0; row < marks.length; row += 1) {
    if (!marks[row]) continue;
    const code = indices[row] as number;
    (counts[code] as number) += 1;
    const value = summed?.values[summed.indices[row] as number];
    if (typeof value === "number") sums.add(code, value);
  }
  return { counts, sums };
}

/** The distinct values of a column among the rows that pass, most frequent first; `sum` adds up another column. */
export const facets = fn(
  Query.extend({ column: z.string(), sum: z.string().optional() }),
  async ({ column, sum, ...query }): Promise<Facet[]> => {
    const { table, names } = await openFor(query);
    const encoded = table.encoded(column);
    const summed = sum === undefined ? undefined : summedBy(table, sum);
    // The column's own filter does not narrow its choices.
    const { [column]: _own, ...filters } = query.filters;
    const absent = query.absent?.filter((each) => each !== column);
    const { counts, sums } = count(match(table, names, { ...query, filters, absent }), encoded, summed);
    const kind = table.columns[column]?.kind;
    const nameOf = (value: unknown) =>
      kind && namedKinds.includes(kind) && value !== undefined ? names.of(kind, value as number) : undefined;
    return [...counts.keys()]
      .filter((code) => (counts[code] as number) > 0)
      .sort((a, b) => (counts[b] as number) - (counts[a] as number))
      .slice(0, maxFacets)
      .map((code): Facet => {
        const value = encoded.values[code];
        const name = nameOf(value);
        return {
          value: value ?? null,
          count: counts[code] as number,
          ...(name ? { name } : {}),
          ...(summed ? { sum: travelling(sums.of(code)) } : {}),
        };
      });
  },
);
