import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { apiUrl, get, type Query } from "../api/client.ts";
import type { Dataset, Facet, Row, RowsMeta } from "../api/contract.ts";
import type { TableSearch } from "./table-search.ts";

/** Rows per page: one page fills the tallest screen several times, and stays below the API's 500. */
const PAGE_SIZE = 200;

export const datasetsQuery = queryOptions({
  queryKey: ["datasets"],
  queryFn: async ({ signal }) => (await get<Dataset[]>("/datasets", { signal })).data,
  staleTime: Number.POSITIVE_INFINITY,
});

function rowsPath(corporationId: number, dataset: string): string {
  return `/corporations/${corporationId}/datasets/${dataset}/rows`;
}

function rowsParameters(search: TableSearch): Query {
  const filters = Object.entries(search.f ?? {}).map(([column, value]) => [`filter.${column}`, value]);
  return { search: search.q, sort: search.sort, from: search.from, to: search.to, ...Object.fromEntries(filters) };
}

export const rowsQuery = (corporationId: number, dataset: string, search: TableSearch) =>
  infiniteQueryOptions({
    queryKey: ["corporation", corporationId, "rows", dataset, rowsParameters(search)],
    queryFn: ({ pageParam, signal }) =>
      get<Row[], RowsMeta>(rowsPath(corporationId, dataset), {
        query: { ...rowsParameters(search), cursor: pageParam, limit: PAGE_SIZE },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    placeholderData: keepPreviousData,
    meta: { corporationId, datasets: [dataset] },
  });

export const facetsQuery = (corporationId: number, dataset: string, column: string) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "facets", dataset, column],
    queryFn: async ({ signal }) =>
      (await get<Facet[]>(`${rowsPath(corporationId, dataset)}/facets`, { query: { column }, signal })).data,
    meta: { corporationId, datasets: [dataset] },
  });

export function csvUrl(corporationId: number, dataset: string, search: TableSearch): string {
  return apiUrl(`${rowsPath(corporationId, dataset)}.csv`, rowsParameters(search));
}
