/** What a table shows, kept in the address: a link shows another person the same rows. */
export interface TableSearch {
  q?: string;
  /** A column key, with `-` in front for descending. */
  sort?: string;
  from?: string;
  to?: string;
  /** The rows as they were at this moment, instead of as they are. */
  at?: string;
  /** Column key -> the values of which it must have one; null stands for none. */
  f?: Record<string, FilterValue[]>;
}

export type FilterValue = string | null;

const isValue = (value: unknown): boolean => value === null || ["string", "number", "boolean"].includes(typeof value);

/** One value may stand without a list. */
function readValues(given: unknown): FilterValue[] {
  const values = Array.isArray(given) ? given : given === null ? [] : [given];
  return values.filter(isValue).map((value) => (value === null ? null : String(value)));
}

export function parseTableSearch(search: Record<string, unknown>): TableSearch {
  const result: TableSearch = {};
  for (const key of ["q", "sort", "from", "to", "at"] as const) {
    const value = search[key];
    // The router reads a search for 42 as a number.
    if ((typeof value === "string" && value !== "") || typeof value === "number") result[key] = String(value);
  }
  if (typeof search.f === "object" && search.f !== null) {
    const filters = Object.entries(search.f).map(([key, given]) => [key, readValues(given)] as const);
    const set = filters.filter(([, values]) => values.length > 0);
    if (set.length > 0) result.f = Object.fromEntries(set);
  }
  return result;
}

/** The filter with a value more or less; undefined when none is left. */
export function toggleValue(values: readonly FilterValue[] = [], value: FilterValue): FilterValue[] | undefined {
  const next = values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
  return next.length > 0 ? next : undefined;
}

/** Sets or, without a value, lifts one filter. */
export function withFilter(search: TableSearch, column: string, values: FilterValue[] | undefined): TableSearch {
  const { f = {}, ...rest } = search;
  const { [column]: _, ...others } = f;
  const filters = values === undefined ? others : { ...others, [column]: values };
  return Object.keys(filters).length > 0 ? { ...rest, f: filters } : rest;
}
