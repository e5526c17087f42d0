import { queryOptions } from "@tanstack/react-query";
import { api, read, until } from "../api/client.ts";
import { corporationOwner } from "../api/owner.ts";

const { summary } = api.corporations[":corporationId"].assets;

export const assetSummaryQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "assets"],
    queryFn: ({ signal }) => read(summary.$get({ param: { corporationId: String(corporationId) } }, until(signal))),
    meta: { owner: corporationOwner(corporationId), datasets: ["assets", "location-names"] },
  });
