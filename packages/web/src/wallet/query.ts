import { queryOptions } from "@tanstack/react-query";
import { get } from "../api/client.ts";
import type { WalletSummary } from "../api/contract.ts";

export const walletSummaryQuery = (corporationId: number, days: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "wallet", days],
    queryFn: async ({ signal }) =>
      (await get<WalletSummary>(`/corporations/${corporationId}/wallet/summary`, { query: { days }, signal })).data,
    meta: { corporationId, datasets: ["wallets", "wallet-journal", "divisions"] },
  });
