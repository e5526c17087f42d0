import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, read, readPage, until } from "../api/client.ts";
import type { Row } from "../api/contract.ts";
import type { TableSearch } from "./table-search.ts";

/** Rows per page: one page fills the tallest screen several times, and stays below the API's 500. */
const PAGE_SIZE = 200;

const rowCalls = api.corporations[":corporationId"].datasets[":dataset"];

export const datasetsQuery = queryOptions({
  queryKey: ["datasets"],
  queryFn: ({ signal }) => read(api.datasets.$get({}, until(signal))),
  staleTime: Number.POSITIVE_INFINITY,
});

const by = (corporationId: number, dataset: string) => ({
  param: { corporationId: String(corporationId), dataset },
});

type Filters = { [filter: `filter.${string}`]: string[] };

/** The filters as the API takes them: a column's values, and the columns that may have none. */
function filters(f: TableSearch["f"] = {}): Filters & { absent?: string[] } {
  const absent = Object.keys(f).filter((column) => f[column]?.includes(null));
  const named = Object.entries(f).flatMap(([column, values]) => {
    const texts = values.filter((value) => value !== null);
    return texts.length > 0 ? [[`filter.${column}`, texts] as const] : [];
  });
  return { ...(Object.fromEntries(named) as Filters), ...(absent.length > 0 ? { absent } : {}) };
}

/** The conditions of a table as the API takes them. */
function conditions({ q, sort, from, to, f }: TableSearch) {
  return {
    ...(q ? { search: q } : {}),
    ...(sort ? { sort } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...filters(f),
  };
}

export const rowsQuery = (corporationId: number, dataset: string, search: TableSearch) =>
  infiniteQueryOptions({
    queryKey: ["corporation", corporationId, "rows", dataset, conditions(search), search.at],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...conditions(search), limit: String(PAGE_SIZE), ...(pageParam ? { cursor: pageParam } : {}) };
      const { at } = search;
      if (at === undefined) {
        return readPage(rowCalls.rows.$get({ ...by(corporationId, dataset), query }, until(signal)));
      }
      return readPage(
        rowCalls["as-of"].$get({ ...by(corporationId, dataset), query: { ...query, at } }, until(signal)),
      );
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    placeholderData: keepPreviousData,
    meta: { corporationId, datasets: [dataset] },
  });

/** The values of a column among the rows that fit the other conditions, at the moment that the table shows. */
export const facetsQuery = (corporationId: number, dataset: string, column: string, search: TableSearch) => {
  const { sort: _, at, ...others } = search;
  const query = { ...conditions(withoutColumn(others, column)), ...(at ? { at } : {}), column };
  return queryOptions({
    queryKey: ["corporation", corporationId, "facets", dataset, query],
    queryFn: ({ signal }) => read(rowCalls.rows.facets.$get({ ...by(corporationId, dataset), query }, until(signal))),
    placeholderData: keepPreviousData,
    meta: { corporationId, datasets: [dataset] },
  });
};

/** A column's own filter does not narrow its choices; left out, choosing a value asks nothing new. */
function withoutColumn({ f = {}, ...rest }: TableSearch, column: string): TableSearch {
  const { [column]: _, ...others } = f;
  return { ...rest, f: others };
}

export function csvUrl(corporationId: number, dataset: string, search: TableSearch): string {
  const query = conditions(search);
  const { at } = search;
  if (at === undefined) return rowCalls["rows.csv"].$url({ ...by(corporationId, dataset), query }).toString();
  return rowCalls["as-of.csv"].$url({ ...by(corporationId, dataset), query: { ...query, at } }).toString();
}

/** A page by hand draws a few hundred rows; whoever has more finds the rest in the table below it. */
const MOST_PAGES = 4;
const LARGEST_PAGE = 500;

/** All rows of a dataset that has few, or of a narrow question. */
export const allRowsQuery = (corporationId: number, dataset: string, search: TableSearch = {}) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "all-rows", dataset, conditions(search)],
    queryFn: async ({ signal }) => {
      const rows: Row[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const query = { ...conditions(search), limit: String(LARGEST_PAGE), ...(cursor ? { cursor } : {}) };
        const answer = await readPage(rowCalls.rows.$get({ ...by(corporationId, dataset), query }, until(signal)));
        rows.push(...answer.data);
        cursor = answer.meta.nextCursor;
        if (!cursor) break;
      }
      return rows;
    },
    meta: { corporationId, datasets: [dataset] },
  });

/** The values of a column with another column added up for each, largest sum first. */
export const sumsQuery = (
  corporationId: number,
  dataset: string,
  column: string,
  sum: string,
  { sort: _, ...search }: TableSearch,
) => {
  const query = { ...conditions(search), column, sum };
  return queryOptions({
    queryKey: ["corporation", corporationId, "facets", dataset, query],
    queryFn: async ({ signal }) => {
      const facets = await read(rowCalls.rows.facets.$get({ ...by(corporationId, dataset), query }, until(signal)));
      return facets.sort((a, b) => Number(b.sum ?? 0) - Number(a.sum ?? 0));
    },
    meta: { corporationId, datasets: [dataset] },
  });
};
