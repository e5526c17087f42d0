import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { readPage, until } from "../api/client.ts";
import { type Owner, ownerPath } from "../api/owner.ts";
import { EVERY_DATASET } from "../api/read-again.ts";
import type { ChangesSearch } from "./search.ts";

const PAGE_SIZE = "100";

const period = ({ from, to }: ChangesSearch) => ({ ...(from ? { from } : {}), ...(to ? { to } : {}) });
const conditions = (search: ChangesSearch) => ({
  ...period(search),
  ...(search.dataset ? { dataset: search.dataset } : {}),
});

/** What happened, newest first: of one dataset every row, of all what is worth telling. */
export const feedQuery = (owner: Owner, search: ChangesSearch) =>
  infiniteQueryOptions({
    queryKey: [owner.kind, owner.id, "history", conditions(search)],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...conditions(search), limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) };
      const { at, param } = ownerPath(owner);
      return readPage(at.history.$get({ param, query }, until(signal)));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    placeholderData: keepPreviousData,
    meta: { owner, datasets: [search.dataset ?? EVERY_DATASET] },
  });

/** The net difference of a dataset between two moments. */
export const betweenQuery = (owner: Owner, dataset: string, from: string, to: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [owner.kind, owner.id, "between", dataset, from, to],
    queryFn: ({ pageParam, signal }) => {
      const query = { from, ...(to ? { to } : {}), limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) };
      const { at, param } = ownerPath(owner);
      const call = at.datasets[":dataset"].changes;
      return readPage(call.$get({ param: { ...param, dataset }, query }, until(signal)));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    meta: { owner, datasets: [dataset] },
  });

export function changesCsvUrl(owner: Owner, search: ChangesSearch): string {
  const { at, param } = ownerPath(owner);
  const { compare, dataset, from } = search;
  if (!compare || !dataset || !from) return at["history.csv"].$url({ param, query: conditions(search) }).toString();
  const call = at.datasets[":dataset"]["changes.csv"];
  return call.$url({ param: { ...param, dataset }, query: { ...period(search), from } }).toString();
}
