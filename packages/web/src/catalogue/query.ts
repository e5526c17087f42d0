import { queryOptions } from "@tanstack/react-query";
import { api, read, until } from "../api/client.ts";
import type { Dataset } from "../api/contract.ts";
import type { OwnerKind } from "../api/owner.ts";

/** Every dataset that exists, with its columns and its place on screen. */
export const datasetsQuery = queryOptions({
  queryKey: ["datasets"],
  queryFn: ({ signal }) => read(api.datasets.$get({}, until(signal))),
  staleTime: Number.POSITIVE_INFINITY,
});

export const datasetsOf = (wanted: OwnerKind, datasets: readonly Dataset[]): Dataset[] =>
  datasets.filter(({ kind }) => kind === wanted);

// Made once: the query computes anew for a function that it has not seen before.
const selects: Record<OwnerKind, (datasets: readonly Dataset[]) => Dataset[]> = {
  corporation: (datasets) => datasetsOf("corporation", datasets),
  character: (datasets) => datasetsOf("character", datasets),
};

/** The datasets of one kind of owner. */
export const catalogueQuery = (kind: OwnerKind) => queryOptions({ ...datasetsQuery, select: selects[kind] });
