import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { type ComponentType, lazy } from "react";
import { useBoard } from "../corporation/use-board.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { DatasetPanel, type DatasetViewProps } from "./dataset-panel.tsx";
import { datasetsQuery } from "./query.ts";

/** Datasets that deserve more than a table; each page is fetched when it is opened. */
const byHand: Record<string, ComponentType<DatasetViewProps>> = {
  structures: lazy(() => import("../structure/structures-view.tsx")),
  "industry-jobs": lazy(() => import("../industry/jobs-view.tsx")),
  "mining-ledger": lazy(() => import("../mining/ledger-view.tsx")),
  contracts: lazy(() => import("../contract/contracts-view.tsx")),
  orders: lazy(() => import("../market/orders-view.tsx")),
  "order-history": lazy(() => import("../market/orders-view.tsx")),
  killmails: lazy(() => import("../combat/killmails-view.tsx")),
  "project-details": lazy(() => import("../project/projects-view.tsx")),
  "freelance-jobs": lazy(() => import("../project/projects-view.tsx")),
};

/** The page of any dataset: made by hand where that serves better, else from its declaration. */
export function DatasetPage() {
  const { corporationId, dataset: name } = useParams({ from: "/corporations/$corporationId/data/$dataset" });
  const { at } = useSearch({ from: "/corporations/$corporationId/data/$dataset" });
  const { data: datasets } = useSuspenseQuery(datasetsQuery);
  const board = useBoard(corporationId);
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (!dataset) {
    return (
      <Panel>
        <Message icon={SearchX} title="There is no such dataset">
          It may have been renamed. The overview lists every dataset of the corporation.
        </Message>
      </Panel>
    );
  }
  // Pages by hand show the present; the past is a table.
  const View = (at === undefined ? byHand[name] : undefined) ?? DatasetPanel;
  return (
    <Boundary key={name} fallback={<Skeleton className="h-96 rounded-lg" />}>
      <View corporationId={corporationId} dataset={dataset} freshness={board.find((entry) => entry.dataset === name)} />
    </Boundary>
  );
}
