import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { DatasetNote } from "../corporation/dataset-note.tsx";
import { useBoard } from "../corporation/use-board.ts";
import { DatasetTable } from "../dataset/dataset-table.tsx";
import { datasetsQuery } from "../dataset/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { DivisionList } from "./division-list.tsx";
import { walletSummaryQuery } from "./query.ts";
import { WalletCharts } from "./wallet-charts.tsx";
import { ranges, type WalletSearch } from "./wallet-search.ts";

const route = "/corporations/$corporationId/wallet";

export function WalletPage() {
  const { corporationId } = useParams({ from: route });
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-80 rounded-lg" />}>
        <Summary corporationId={corporationId} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Entries corporationId={corporationId} />
      </Boundary>
    </div>
  );
}

function useWalletSearch(): [WalletSearch, (next: Partial<Record<keyof WalletSearch, unknown>>) => void] {
  const search = useSearch({ from: route });
  const navigate = useNavigate({ from: route });
  const set = (next: Partial<Record<keyof WalletSearch, unknown>>) =>
    void navigate({ replace: true, resetScroll: false, search: (before) => ({ ...before, ...next }) as WalletSearch });
  return [search, set];
}

function Summary({ corporationId }: { corporationId: number }) {
  const [{ division, days = 30 }, setSearch] = useWalletSearch();
  // The charts of the range before stay until those of the new one are there.
  const shownDays = useDeferredValue(days);
  const { data: summary } = useSuspenseQuery(walletSummaryQuery(corporationId, shownDays));
  return (
    <div className="grid gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <Panel title="Balances" note={<DatasetNote corporationId={corporationId} dataset="wallets" />}>
        <DivisionList
          divisions={summary.divisions}
          chosen={division}
          onChoose={(next) => setSearch({ division: next })}
        />
      </Panel>
      <Panel
        title="Over time"
        note={<DatasetNote corporationId={corporationId} dataset="wallet-journal" />}
        actions={
          <Segments
            label="Range"
            value={String(days)}
            onChange={(next) => setSearch({ days: next === "30" ? undefined : Number(next) })}
            options={ranges.map((range) => ({ value: String(range), label: range === 365 ? "1 y" : `${range} d` }))}
          />
        }
      >
        <WalletCharts summary={summary} division={division} days={shownDays} />
      </Panel>
    </div>
  );
}

const journalColumns = {
  date: {},
  division: { card: "none" },
  ref_type: { card: "title" },
  amount: { card: "figure" },
  balance: { card: "none" },
  description: { grow: 3 },
} as const;

const transactionColumns = {
  date: {},
  type_id: { card: "title" },
  quantity: { card: "none" },
  unit_price: { card: "figure" },
  is_buy: { card: "none" },
  client_id: {},
  location_id: {},
  division: { card: "none" },
} as const;

function Entries({ corporationId }: { corporationId: number }) {
  const [{ table = "journal", division }, setSearch] = useWalletSearch();
  const { data: datasets } = useSuspenseQuery(datasetsQuery);
  const board = useBoard(corporationId);
  const name = table === "journal" ? "wallet-journal" : "wallet-transactions";
  const dataset = datasets.find((candidate) => candidate.name === name);
  const fixed = useMemo(() => (division === undefined ? undefined : { division: [String(division)] }), [division]);
  if (!dataset) return null;
  return (
    <Panel
      title={
        <Segments
          label="Entries"
          value={table}
          onChange={(next) => {
            const clean = { q: undefined, sort: undefined, f: undefined, from: undefined, to: undefined };
            setSearch({ ...clean, table: next === "journal" ? undefined : next });
          }}
          options={[
            { value: "journal", label: "Journal" },
            { value: "transactions", label: "Transactions" },
          ]}
        />
      }
      note={<DatasetNote corporationId={corporationId} dataset={name} />}
      className="table-frame flex flex-col"
    >
      <DatasetTable
        key={name}
        corporationId={corporationId}
        dataset={dataset}
        freshness={board.find((entry) => entry.dataset === name)}
        columns={table === "journal" ? journalColumns : transactionColumns}
        {...(fixed ? { fixed } : {})}
        className="grow"
      />
    </Panel>
  );
}
