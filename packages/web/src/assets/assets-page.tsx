import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { DatasetNote } from "../corporation/dataset-note.tsx";
import { useBoard } from "../corporation/use-board.ts";
import { DatasetTable } from "../dataset/dataset-table.tsx";
import { datasetsQuery } from "../dataset/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { formatCompact, formatCount, formatNumber } from "../ui/format.ts";
import { useIsPhone } from "../ui/media.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat } from "../ui/stat.tsx";
import { AssetGroups } from "./asset-groups.tsx";
import { assetSummaryQuery } from "./query.ts";

export function AssetsPage() {
  const { corporationId } = useParams({ from: "/corporations/$corporationId/assets" });
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-20 rounded-lg" />}>
        <Totals corporationId={corporationId} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Items corporationId={corporationId} />
      </Boundary>
    </div>
  );
}

function Totals({ corporationId }: { corporationId: number }) {
  const { data: summary } = useSuspenseQuery(assetSummaryQuery(corporationId));
  const note = <DatasetNote corporationId={corporationId} dataset="assets" />;
  return (
    <div className="grid grid-cols-2 divide-line rounded-lg border border-line bg-surface lg:grid-cols-4 lg:divide-x">
      <Stat title="Items and stacks" testId="stat-assets-count" value={summary.count} note={note}>
        {formatNumber(summary.count)}
      </Stat>
      <Stat title="Units" testId="stat-assets-quantity" value={summary.quantity} note={note}>
        {formatNumber(summary.quantity)}
      </Stat>
      <Stat title="Volume" value={summary.volumeM3} note={note}>
        {formatCompact(Number(summary.volumeM3))} m³
      </Stat>
      <Stat
        title="Busiest place"
        note={
          <>
            {summary.locations[0] ? `${formatCount(summary.locations[0].count, "item")} · ` : null}
            {note}
          </>
        }
      >
        <span className="text-sm">{summary.locations[0]?.name ?? "–"}</span>
      </Stat>
    </div>
  );
}

const columns = {
  type_id: { card: "title", grow: 2 },
  quantity: { card: "figure" },
  root_location_id: { grow: 2 },
  hangar: {},
  location_flag: {},
  location_id: { card: "none", hidden: true },
  is_singleton: { card: "none" },
} as const;

function Items({ corporationId }: { corporationId: number }) {
  const phone = useIsPhone();
  const { data: datasets } = useSuspenseQuery(datasetsQuery);
  const board = useBoard(corporationId);
  const dataset = datasets.find((candidate) => candidate.name === "assets");
  if (!dataset) return null;
  return (
    <div className="grid gap-4 lg:grid-cols-[17rem_minmax(0,1fr)]">
      {phone ? null : <AssetGroups corporationId={corporationId} dataset={dataset} />}
      <Panel className="table-frame flex flex-col">
        <DatasetTable
          corporationId={corporationId}
          dataset={dataset}
          freshness={board.find((entry) => entry.dataset === "assets")}
          columns={columns}
          className="grow"
        />
      </Panel>
    </div>
  );
}
