import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { api, readPage, until } from "../api/client.ts";
import { EVERY_DATASET } from "../api/live.ts";
import type { ChangesSearch } from "./search.ts";

const one = api.corporations[":corporationId"];
const PAGE_SIZE = "100";

const period = ({ from, to }: ChangesSearch) => ({ ...(from ? { from } : {}), ...(to ? { to } : {}) });
const asked = (search: ChangesSearch) => ({
  ...period(search),
  ...(search.dataset ? { dataset: search.dataset } : {}),
});

/** What happened, newest first: of one dataset every row, of all what is worth telling. */
export const feedQuery = (corporationId: number, search: ChangesSearch) =>
  infiniteQueryOptions({
    queryKey: ["corporation", corporationId, "history", asked(search)],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...asked(search), limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) };
      return readPage(one.history.$get({ param: { corporationId: String(corporationId) }, query }, until(signal)));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    placeholderData: keepPreviousData,
    meta: { corporationId, datasets: [search.dataset ?? EVERY_DATASET] },
  });

/** The net difference of a dataset between two moments. */
export const betweenQuery = (corporationId: number, dataset: string, from: string, to: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ["corporation", corporationId, "between", dataset, from, to],
    queryFn: ({ pageParam, signal }) => {
      const query = { from, ...(to ? { to } : {}), limit: PAGE_SIZE, ...(pageParam ? { cursor: pageParam } : {}) };
      const param = { corporationId: String(corporationId), dataset };
      return readPage(one.datasets[":dataset"].changes.$get({ param, query }, until(signal)));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.nextCursor,
    meta: { corporationId, datasets: [dataset] },
  });

export function changesCsvUrl(corporationId: number, search: ChangesSearch): string {
  if (search.compare && search.dataset && search.from) {
    const param = { corporationId: String(corporationId), dataset: search.dataset };
    const query = { ...period(search), from: search.from };
    return one.datasets[":dataset"]["changes.csv"].$url({ param, query }).toString();
  }
  return one["history.csv"].$url({ param: { corporationId: String(corporationId) }, query: asked(search) }).toString();
}
