import { useSuspenseQuery } from "@tanstack/react-query";
import type { Owner } from "../api/owner.ts";
import { DatasetTable } from "../dataset/dataset-table.tsx";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { formatCompact, formatCount, formatNumber } from "../ui/format.ts";
import { useIsPhone } from "../ui/media.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import { AssetGroups } from "./asset-groups.tsx";
import { assetSummaryQuery } from "./query.ts";

/** Totals, then the items with their groups beside them. */
export default function AssetsView({ owner, dataset, freshness }: DatasetViewProps) {
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-20 rounded-lg" />}>
        <Totals owner={owner} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Items owner={owner} dataset={dataset} freshness={freshness} />
      </Boundary>
    </div>
  );
}

function Totals({ owner }: { owner: Owner }) {
  const { data: summary } = useSuspenseQuery(assetSummaryQuery(owner.id));
  const note = <DatasetNote owner={owner} dataset="assets" />;
  return (
    <StatStrip>
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
    </StatStrip>
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

function Items({ owner, dataset, freshness }: DatasetViewProps) {
  const phone = useIsPhone();
  return (
    <div className="grid gap-4 lg:grid-cols-[17rem_minmax(0,1fr)]">
      {phone ? null : <AssetGroups owner={owner} dataset={dataset} />}
      <Panel className="table-frame flex flex-col">
        <DatasetTable owner={owner} dataset={dataset} freshness={freshness} columns={columns} className="grow" />
      </Panel>
    </div>
  );
}
