import { queryOptions } from "@tanstack/react-query";
import { api, readPage, until } from "../api/client.ts";
import { corporationOwner } from "../api/owner.ts";
import type { Activity } from "./activity.ts";

const PAGE_SIZE = 500;
/** A corporation has at most 12,600 members. */
const MOST_PAGES = 30;

const { rows } = api.corporations[":corporationId"].datasets[":dataset"];

/** When each member was last seen; every page, since the plot counts all of them. */
export const activityQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "activity"],
    queryFn: async ({ signal }) => {
      const seen: Activity[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const answer = await readPage(
          rows.$get(
            {
              param: { corporationId: String(corporationId), dataset: "member-tracking" },
              query: { limit: String(PAGE_SIZE), ...(cursor ? { cursor } : {}) },
            },
            until(signal),
          ),
        );
        for (const row of answer.data) seen.push({ logonAt: timeOf(row.logon_date), joinedAt: timeOf(row.start_date) });
        cursor = answer.meta.nextCursor;
        if (!cursor) break;
      }
      return seen;
    },
    meta: { owner: corporationOwner(corporationId), datasets: ["member-tracking"] },
  });

function timeOf(value: unknown): number | undefined {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
