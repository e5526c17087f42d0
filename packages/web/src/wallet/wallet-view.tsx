import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import type { Owner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { DatasetTable } from "../dataset/dataset-table.tsx";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { useBoard } from "../freshness/use-board.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Panel } from "../ui/panel.tsx";
import { Segments } from "../ui/segments.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { DivisionList } from "./division-list.tsx";
import { walletSummaryQuery } from "./query.ts";
import { WalletCharts } from "./wallet-charts.tsx";
import { parseWalletSearch, ranges, type WalletSearch } from "./wallet-search.ts";

/** Balances and how they moved, and below them the entries of the journal or the transactions. */
export default function WalletView({ owner, dataset: { name } }: DatasetViewProps) {
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-80 rounded-lg" />}>
        <Summary owner={owner} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Entries owner={owner} name={name === TRANSACTIONS ? TRANSACTIONS : JOURNAL} />
      </Boundary>
    </div>
  );
}

const JOURNAL = "wallet-journal";
const TRANSACTIONS = "wallet-transactions";

function useWalletSearch(): [WalletSearch, (next: Partial<Record<keyof WalletSearch, unknown>>) => void] {
  const search = useSearch({ strict: false, select: parseWalletSearch, structuralSharing: true });
  const navigate = useNavigate();
  const set = (next: Partial<Record<keyof WalletSearch, unknown>>) =>
    void navigate({ to: ".", replace: true, resetScroll: false, search: (before: object) => ({ ...before, ...next }) });
  return [search, set];
}

function Summary({ owner }: { owner: Owner }) {
  const [{ division, days = 30 }, setSearch] = useWalletSearch();
  // The charts of the range before stay until those of the new one are there.
  const shownDays = useDeferredValue(days);
  const { data: summary } = useSuspenseQuery(walletSummaryQuery(owner.id, shownDays));
  return (
    <div className="grid gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
      <Panel title="Balances" note={<DatasetNote owner={owner} dataset="wallets" />}>
        <DivisionList
          divisions={summary.divisions}
          chosen={division}
          onChoose={(next) => setSearch({ division: next })}
        />
      </Panel>
      <Panel
        title="Over time"
        note={<DatasetNote owner={owner} dataset="wallet-journal" />}
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

function Entries({ owner, name }: { owner: Owner; name: typeof JOURNAL | typeof TRANSACTIONS }) {
  const [{ division, days }] = useWalletSearch();
  const navigate = useNavigate();
  const { data: datasets } = useSuspenseQuery(catalogueQuery(owner.kind));
  const board = useBoard(owner);
  const dataset = datasets.find((candidate) => candidate.name === name);
  const fixed = useMemo(() => (division === undefined ? undefined : { division: [String(division)] }), [division]);
  if (!dataset) return null;
  // What was searched for in one list is not asked of the other.
  const open = (next: string) =>
    void navigate({
      ...datasetLink(owner, next),
      replace: true,
      resetScroll: false,
      search: { ...(division === undefined ? {} : { division }), ...(days === undefined ? {} : { days }) },
    });
  return (
    <Panel
      title={
        <Segments
          label="Entries"
          value={name}
          onChange={open}
          options={[
            { value: JOURNAL, label: "Journal" },
            { value: TRANSACTIONS, label: "Transactions" },
          ]}
        />
      }
      note={<DatasetNote owner={owner} dataset={name} />}
      className="table-frame flex flex-col"
    >
      <DatasetTable
        key={name}
        owner={owner}
        dataset={dataset}
        freshness={board.find((entry) => entry.dataset === name)}
        columns={name === JOURNAL ? journalColumns : transactionColumns}
        {...(fixed ? { fixed } : {})}
        className="grow"
      />
    </Panel>
  );
}
