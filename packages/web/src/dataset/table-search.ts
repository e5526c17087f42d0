/** What a table shows, kept in the address: a link shows another person the same rows. */
export interface TableSearch {
  q?: string;
  /** A column key, with `-` in front for descending. */
  sort?: string;
  from?: string;
  to?: string;
  /** The rows as they were at this moment, instead of as they are. */
  at?: string;
  /** Column key -> the values of which it must have one, separated by commas. */
  f?: Record<string, string>;
}

export function parseTableSearch(search: Record<string, unknown>): TableSearch {
  const result: TableSearch = {};
  for (const key of ["q", "sort", "from", "to", "at"] as const) {
    const value = search[key];
    // The router reads a search for 42 as a number.
    if ((typeof value === "string" && value !== "") || typeof value === "number") result[key] = String(value);
  }
  if (typeof search.f === "object" && search.f !== null) {
    const filters = Object.entries(search.f).filter(([, value]) =>
      ["string", "number", "boolean"].includes(typeof value),
    );
    if (filters.length > 0) result.f = Object.fromEntries(filters.map(([key, value]) => [key, String(value)]));
  }
  return result;
}

export const valuesOf = (filter: string | undefined) => (filter ? filter.split(",") : []);

/** The filter with a value more or less; undefined when none is left. */
export function toggleValue(filter: string | undefined, value: string): string | undefined {
  const values = valuesOf(filter);
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return next.length > 0 ? next.join(",") : undefined;
}

/** Sets or, without a value, lifts one filter. */
export function withFilter(search: TableSearch, column: string, value: string | undefined): TableSearch {
  const { f = {}, ...rest } = search;
  const { [column]: _, ...others } = f;
  const filters = value === undefined ? others : { ...others, [column]: value };
  return Object.keys(filters).length > 0 ? { ...rest, f: filters } : rest;
}
