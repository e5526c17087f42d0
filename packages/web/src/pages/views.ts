import type { OwnerKind } from "../api/owner.ts";
import { assetSummaryQuery } from "../assets/query.ts";
import { type DatasetView, datasetView } from "../dataset/view.ts";
import { activityQuery } from "../members/query.ts";
import { walletSummaryQuery } from "../wallet/query.ts";
import { parseWalletSearch } from "../wallet/wallet-search.ts";

const members = datasetView(() => import("../members/members-view.tsx"), {
  showsPast: true,
  prefetch: (queries, { id }) => void queries.prefetchQuery(activityQuery(id)),
});

const wallet = datasetView(() => import("../wallet/wallet-view.tsx"), {
  showsPast: true,
  prefetch: (queries, { id }, search) =>
    void queries.prefetchQuery(walletSummaryQuery(id, parseWalletSearch(search).days ?? 30)),
});

const assets = datasetView(() => import("../assets/assets-view.tsx"), {
  showsPast: true,
  prefetch: (queries, { id }) => void queries.prefetchQuery(assetSummaryQuery(id)),
});

const orders = datasetView(() => import("../market/orders-view.tsx"));
const projects = datasetView(() => import("../project/projects-view.tsx"));

/** Datasets that deserve more than a table, by kind of owner. Every other dataset is shown by the generic page. */
export const customViews: Record<OwnerKind, Record<string, DatasetView>> = {
  corporation: {
    assets,
    contracts: datasetView(() => import("../contract/contracts-view.tsx")),
    "freelance-jobs": projects,
    "industry-jobs": datasetView(() => import("../industry/jobs-view.tsx")),
    killmails: datasetView(() => import("../combat/killmails-view.tsx")),
    "member-tracking": members,
    members,
    "mining-ledger": datasetView(() => import("../mining/ledger-view.tsx")),
    "order-history": orders,
    orders,
    "project-details": projects,
    structures: datasetView(() => import("../structure/structures-view.tsx")),
    "wallet-journal": wallet,
    "wallet-transactions": wallet,
    wallets: wallet,
  },
  character: {},
};
