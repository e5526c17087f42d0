import { queryOptions } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { AssetSummary } from "../api/contract.ts";

export const assetSummaryQuery = (corporationId: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "assets"],
    queryFn: async ({ signal }) =>
      (await get<AssetSummary>(`/corporations/${corporationId}/assets/summary`, { signal })).data,
    meta: { corporationId, datasets: ["assets"] },
  });
