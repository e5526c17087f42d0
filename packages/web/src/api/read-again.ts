import type { QueryClient, QueryFilters, QueryMeta } from "@tanstack/react-query";
import { isSameOwner, type Owner } from "./owner.ts";

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: {
      /** Whose data the answer is made of, and of which datasets: what must happen for it to be read again. */
      owner?: Owner;
      datasets?: string[];
    };
  }
}

/** Among a query's datasets: made of all of them. */
export const EVERY_DATASET = "*";

/**
 * Reads again what fits. What is just being read for the first time is read once more after that: its answer may have been
 * made before whatever is the reason to read again.
 */
export async function readAgain(queries: QueryClient, filters: QueryFilters): Promise<void> {
  const all = queries.getQueryCache().findAll({ ...filters, fetchStatus: "fetching" });
  const first = new Set(all.filter(({ state }) => state.data === undefined));
  const later = Promise.allSettled([...first].map(({ promise }) => promise));
  await queries.invalidateQueries(filters);
  if (first.size === 0) return;
  await later;
  await queries.invalidateQueries({ predicate: (query) => first.has(query) });
}

export const isMadeFrom = (owner: Owner, dataset: string, meta: QueryMeta | undefined): boolean =>
  isSameOwner(owner, meta?.owner) &&
  (meta?.datasets?.some((each) => each === dataset || each === EVERY_DATASET) ?? false);

/** Reads again what was made from this dataset of this owner; everything else stays as it is. */
export function invalidateDataset(queries: QueryClient, owner: Owner, dataset: string): Promise<void> {
  return readAgain(queries, { predicate: ({ meta }) => isMadeFrom(owner, dataset, meta) });
}
