import { queryOptions } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { Row, RowsMeta } from "../api/contract.ts";

const PAGE_SIZE = 500;
/** A corporation has at most 12,600 members. */
const MOST_PAGES = 30;

/** When each member was last seen, newest first; every page, since the plot counts all of them. */
export const activityQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "activity"],
    queryFn: async ({ signal }) => {
      const seen: Row[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await get<Row[], RowsMeta>(`/corporations/${corporationId}/datasets/member-tracking/rows`, {
          query: { limit: PAGE_SIZE, cursor },
          signal,
        });
        seen.push(...answer.data);
        cursor = answer.meta.nextCursor;
        if (!cursor) break;
      }
      return seen.map((row) => ({ logonAt: timeOf(row.logon_date), joinedAt: timeOf(row.start_date) }));
    },
    meta: { corporationId, datasets: ["member-tracking"] },
  });

function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
