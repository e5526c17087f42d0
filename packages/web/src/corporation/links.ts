import { linkOptions } from "@tanstack/react-router";

/** Datasets that have a page of their own; every other is shown by the page made from its declaration. */
export function datasetLink(corporationId: number, dataset: string) {
  const params = { corporationId };
  switch (dataset) {
    case "public-info":
      return linkOptions({ to: "/corporations/$corporationId", params });
    case "members":
    case "member-tracking":
      return linkOptions({ to: "/corporations/$corporationId/members", params });
    case "wallets":
      return linkOptions({ to: "/corporations/$corporationId/wallet", params });
    case "wallet-journal":
      return linkOptions({ to: "/corporations/$corporationId/wallet", params, search: { table: "journal" } });
    case "wallet-transactions":
      return linkOptions({ to: "/corporations/$corporationId/wallet", params, search: { table: "transactions" } });
    case "assets":
      return linkOptions({ to: "/corporations/$corporationId/assets", params });
    default:
      return linkOptions({ to: "/corporations/$corporationId/data/$dataset", params: { corporationId, dataset } });
  }
}
