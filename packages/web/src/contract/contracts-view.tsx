import { useQuery } from "@tanstack/react-query";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { allRowsQuery } from "../dataset/query.ts";
import { nameOf, numberOf, textOf, timeOf } from "../dataset/read-row.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Failed } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatDateTime, formatIsk, formatNumber, humanise } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { TimeLeft } from "../ui/time-left.tsx";

const DAY_MS = 86_400_000;

const tones: Record<string, Tone> = {
  outstanding: "accent",
  in_progress: "stale",
  finished: "fresh",
  finished_issuer: "fresh",
  finished_contractor: "fresh",
  failed: "failed",
  rejected: "failed",
  deleted: "neutral",
  cancelled: "neutral",
};

const endingTone = (leftMs: number): Tone => (leftMs < DAY_MS ? "failed" : leftMs < 3 * DAY_MS ? "stale" : "neutral");

const columns = {
  status: {
    width: 120,
    cell: (row) => <Badge tone={tones[String(row.status)] ?? "neutral"}>{humanise(String(row.status))}</Badge>,
  },
  type: {},
  title: { card: "title" },
  issuer_name: {},
  assignee_name: { card: "none" },
  price: { card: "figure" },
  reward: { card: "none" },
  start_location_id: { card: "none" },
  date_expired: {
    title: "Expires",
    cell: (row) => {
      const until = timeOf(row, "date_expired");
      if (until === undefined) return "–";
      if (row.status !== "outstanding") return <span className="nums text-muted">{formatDateTime(until)}</span>;
      return <TimeLeft until={until} tone={endingTone} over="expired" />;
    },
  },
  volume: { card: "none" },
  collateral: { hidden: true, card: "none" },
  end_location_id: { hidden: true, card: "none" },
  acceptor_name: { hidden: true, card: "none" },
} satisfies Record<string, Partial<TableColumn<Row>>>;

/** Contracts; an opened one shows its items and bids. */
export default function ContractsView(props: DatasetViewProps) {
  return (
    <DatasetPanel {...props} columns={columns} detail={(row) => <Contents owner={props.owner} contract={row} />} />
  );
}

function Contents({ owner, contract }: { owner: Owner; contract: Row }) {
  const f = { contract_id: [String(contract.contract_id)] };
  // A courier's cargo is nobody's business, and ESI does not tell it.
  const hasItems = contract.type !== "courier";
  const isAuction = contract.type === "auction";
  const items = useQuery({ ...allRowsQuery(owner, "contract-items", { f }), enabled: hasItems });
  const bids = useQuery({
    ...allRowsQuery(owner, "contract-bids", { f, sort: "-amount" }),
    enabled: isAuction,
  });
  if (!hasItems) return null;
  return (
    <div className="mb-4 flex flex-col gap-4">
      {items.isError ? <Failed error={items.error} onRetry={() => void items.refetch()} /> : null}
      {items.isPending ? <SkeletonRows rows={3} /> : null}
      <Items title="Gives" rows={(items.data ?? []).filter((row) => row.is_included !== false)} />
      <Items title="Asks for" rows={(items.data ?? []).filter((row) => row.is_included === false)} />
      {items.isSuccess && items.data.length === 0 ? (
        <p className="text-muted">The items of this contract have not been fetched yet, or it has none.</p>
      ) : null}
      {bids.data && bids.data.length > 0 ? (
        <section>
          <h3 className="mb-1.5 text-xs">{bids.data.length} bids</h3>
          <ol className="nums rounded-md bg-raised/50 px-2.5 py-1">
            {bids.data.map((bid) => (
              <li key={String(bid.bid_id)} className="flex gap-3 py-1">
                <span className="min-w-0 grow truncate">{textOf(bid, "bidder_name") ?? "Somebody"}</span>
                <span className="text-ink">{formatIsk(numberOf(bid, "amount") ?? 0)}</span>
              </li>
            ))}
          </ol>
        </section>
      ) : null}
    </div>
  );
}

function Items({ title, rows }: { title: string; rows: Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section data-testid="contract-items">
      <h3 className="mb-1.5 text-xs">
        {title} <span className="nums font-normal text-faint">{rows.length}</span>
      </h3>
      <ul className="scroll-quiet max-h-72 overflow-y-auto rounded-md bg-raised/50 px-2.5 py-1">
        {rows.map((row) => (
          <li key={String(row.record_id)} className="flex items-center gap-2.5 py-1">
            <EveImage kind="type" id={Number(row.type_id)} name={nameOf(row, "type_id")} size={24} />
            <span className="min-w-0 grow truncate text-ink">{nameOf(row, "type_id")}</span>
            <span className="nums text-muted">×{formatNumber(numberOf(row, "quantity") ?? 1)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
