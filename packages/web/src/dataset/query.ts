import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { read, readPage, until } from "../api/client.ts";
import type { Row } from "../api/contract.ts";
import { type Owner, ownerPath } from "../api/owner.ts";
import type { TableSearch } from "./table-search.ts";

/** Rows per page: one page fills the tallest screen several times, and stays below the API's 500. */
const PAGE_SIZE = 200;

/** The calls for a dataset, and the parameters of their path. */
function datasetPath(owner: Owner, dataset: string) {
  const { at, param } = ownerPath(owner);
  return { calls: at.datasets[":dataset"], param: { ...param, dataset } };
}

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

/** The conditions of a table, and the moment as of which it is shown, as the API takes them. */
function conditions({ q, sort, from, to, at, f }: TableSearch) {
  return {
    ...(q ? { search: q } : {}),
    ...(sort ? { sort } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(at ? { at } : {}),
    ...filters(f),
  };
}

export const rowsQuery = (owner: Owner, dataset: string, search: TableSearch) =>
  infiniteQueryOptions({
    queryKey: [owner.kind, owner.id, "rows", dataset, conditions(search)],
    queryFn: ({ pageParam, signal }) => {
      const { calls, param } = datasetPath(owner, dataset);
      const query = { ...conditions(search), limit: String(PAGE_SIZE), ...(pageParam ? { cursor: pageParam } : {}) };
      return readPage(calls.rows.$get({ param, query }, until(signal)));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    placeholderData: keepPreviousData,
    meta: { owner, datasets: [dataset] },
  });

/** The values of a column among the rows that fit the other conditions, at the moment that the table shows. */
export const facetsQuery = (owner: Owner, dataset: string, column: string, search: TableSearch) => {
  const { sort: _, ...others } = search;
  const query = { ...conditions(withoutColumn(others, column)), column };
  return queryOptions({
    queryKey: [owner.kind, owner.id, "facets", dataset, query],
    queryFn: ({ signal }) => {
      const { calls, param } = datasetPath(owner, dataset);
      return read(calls.rows.facets.$get({ param, query }, until(signal)));
    },
    placeholderData: keepPreviousData,
    meta: { owner, datasets: [dataset] },
  });
};

/** A column's own filter does not narrow its choices; without it, choosing a value needs no new request. */
function withoutColumn({ f = {}, ...rest }: TableSearch, column: string): TableSearch {
  const { [column]: _, ...others } = f;
  return { ...rest, f: others };
}

export function csvUrl(owner: Owner, dataset: string, search: TableSearch): string {
  const { calls, param } = datasetPath(owner, dataset);
  return calls["rows.csv"].$url({ param, query: conditions(search) }).toString();
}

/** A custom page draws a few hundred rows; whoever has more finds the rest in the table below it. */
const MOST_PAGES = 4;
const LARGEST_PAGE = 500;

/** All rows of a small dataset or of a narrow filter. */
export const allRowsQuery = (owner: Owner, dataset: string, search: TableSearch = {}) =>
  queryOptions({
    queryKey: [owner.kind, owner.id, "all-rows", dataset, conditions(search)],
    queryFn: async ({ signal }) => {
      const { calls, param } = datasetPath(owner, dataset);
      const rows: Row[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const query = { ...conditions(search), limit: String(LARGEST_PAGE), ...(cursor ? { cursor } : {}) };
        const answer = await readPage(calls.rows.$get({ param, query }, until(signal)));
        rows.push(...answer.data);
        cursor = answer.meta.nextCursor;
        if (!cursor) break;
      }
      return rows;
    },
    meta: { owner, datasets: [dataset] },
  });

/** The values of a column with another column added up for each, largest sum first. */
export const sumsQuery = (
  owner: Owner,
  dataset: string,
  column: string,
  sum: string,
  { sort: _, ...search }: TableSearch,
) => {
  const query = { ...conditions(search), column, sum };
  return queryOptions({
    queryKey: [owner.kind, owner.id, "facets", dataset, query],
    queryFn: async ({ signal }) => {
      const { calls, param } = datasetPath(owner, dataset);
      const facets = await read(calls.rows.facets.$get({ param, query }, until(signal)));
      return facets.sort((a, b) => Number(b.sum ?? 0) - Number(a.sum ?? 0));
    },
    meta: { owner, datasets: [dataset] },
  });
};
