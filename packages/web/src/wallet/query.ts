import { queryOptions } from "@tanstack/react-query";
import { api, read, until } from "../api/client.ts";
import { corporationOwner } from "../api/owner.ts";

const { summary } = api.corporations[":corporationId"].wallet;

export const walletSummaryQuery = (corporationId: number, days: number) =>
  queryOptions({
    queryKey: ["corporation", corporationId, "wallet", days],
    queryFn: ({ signal }) =>
      read(
        summary.$get({ param: { corporationId: String(corporationId) }, query: { days: String(days) } }, until(signal)),
      ),
    meta: { owner: corporationOwner(corporationId), datasets: ["wallets", "wallet-journal", "divisions"] },
  });
