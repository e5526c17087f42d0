import { useInfiniteQuery, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { corporationOwner } from "../api/owner.ts";
import { corporationQuery } from "../corporation/query.ts";
import { RemoveCorporation } from "../corporation/remove-corporation.tsx";
import { rowsQuery } from "../dataset/query.ts";
import { DirectorsPanel } from "../director/directors-panel.tsx";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { FreshnessBoard } from "../freshness/freshness-board.tsx";
import { useBoard } from "../freshness/use-board.ts";
import { ChangeFeed } from "../history/change-feed.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { formatCompact, formatDate, formatIsk, formatNumber, formatPercent } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import { walletSummaryQuery } from "../wallet/query.ts";
import { TodayPanel } from "./today-panel.tsx";

export function OverviewPage() {
  const { corporationId } = useParams({ from: "/corporations/$corporationId" });
  const owner = corporationOwner(corporationId);
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-20 rounded-lg" />}>
        <Figures corporationId={corporationId} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-28 rounded-lg" />}>
        <TodayPanel owner={owner} />
      </Boundary>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_21rem]">
        <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
          <FreshnessBoard owner={owner} />
        </Boundary>
        <div className="flex min-w-0 flex-col gap-4">
          <Boundary fallback={<Skeleton className="h-48 rounded-lg" />}>
            <DirectorsPanel corporationId={corporationId} />
          </Boundary>
          <ChangeFeed owner={owner} />
          <Boundary fallback={<Skeleton className="h-40 rounded-lg" />}>
            <Facts corporationId={corporationId} />
          </Boundary>
        </div>
      </div>
    </div>
  );
}

function Figures({ corporationId }: { corporationId: number }) {
  // Each figure stands for itself: one that does not load leaves the others.
  const owner = corporationOwner(corporationId);
  const board = useBoard(owner);
  const corporation = useQuery(corporationQuery(corporationId));
  const wallet = useQuery(walletSummaryQuery(corporationId, 30));
  const rowsOf = (dataset: string) => {
    const entry = board.find((candidate) => candidate.dataset === dataset);
    return entry && entry.version > 0 ? entry.rows : undefined;
  };
  const note = (dataset: string, failed = false) =>
    failed ? "Did not load" : <DatasetNote owner={owner} dataset={dataset} />;
  const members = rowsOf("members") ?? corporation.data?.memberCount;
  const divisions = wallet.data?.divisions ?? [];
  const balance = divisions.length > 0 ? wallet.data?.total : undefined;
  const taxRate = corporation.data?.taxRate;
  const assets = rowsOf("assets");
  return (
    <StatStrip>
      <Stat title="Members" testId="stat-members" value={members} note={note("members")}>
        {members === undefined ? "–" : formatNumber(members)}
      </Stat>
      <Stat
        title="ISK in all divisions"
        testId="stat-isk-total"
        value={balance}
        note={note("wallets", wallet.isError && !wallet.data)}
      >
        <span title={balance === undefined ? undefined : `${formatIsk(balance)} ISK`}>
          {balance === undefined ? "–" : formatCompact(Number(balance))}
        </span>
      </Stat>
      <Stat title="Assets" testId="stat-assets" value={assets} note={note("assets")}>
        {assets === undefined ? "–" : formatNumber(assets)}
      </Stat>
      <Stat title="Tax rate" value={taxRate} note={note("public-info", corporation.isError && !corporation.data)}>
        {taxRate === undefined ? "–" : formatPercent(taxRate)}
      </Stat>
    </StatStrip>
  );
}

function Facts({ corporationId }: { corporationId: number }) {
  const { data: corporation } = useSuspenseQuery(corporationQuery(corporationId));
  const { data: info } = useInfiniteQuery(rowsQuery(corporationOwner(corporationId), "public-info", {}));
  const home = info?.pages[0]?.data[0]?.home_station_id_name;
  return (
    <Panel title="About">
      <dl className="flex flex-col gap-2 px-3.5 py-3">
        <Fact title="CEO">{corporation.ceoName ?? "–"}</Fact>
        <Fact title="Alliance">{corporation.allianceName ?? corporation.allianceId ?? "None"}</Fact>
        <Fact title="Home">{typeof home === "string" ? home : (corporation.homeStationId ?? "–")}</Fact>
        <Fact title="Founded">{corporation.dateFounded ? formatDate(corporation.dateFounded) : "–"}</Fact>
        <Fact title="Tier">{corporation.tier}</Fact>
        <Fact title="Added">{formatDate(corporation.addedAt)}</Fact>
      </dl>
      <div className="border-line border-t p-2">
        <RemoveCorporation corporationId={corporationId} name={corporation.name} />
      </div>
    </Panel>
  );
}

function Fact({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-16 shrink-0 text-muted">{title}</dt>
      <dd className="min-w-0 grow text-pretty text-ink">{children}</dd>
    </div>
  );
}
