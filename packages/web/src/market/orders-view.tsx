import { useSuspenseQuery } from "@tanstack/react-query";
import { useNow } from "../api/clock.ts";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { allRowsQuery } from "../dataset/query.ts";
import { numberOf, timeOf } from "../dataset/read-row.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Bar } from "../ui/bar.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { formatCompact, formatNumber } from "../ui/format.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { TimeLeft } from "../ui/time-left.tsx";
import { fillOf, orderTotals } from "./fill.ts";

const DAY_MS = 86_400_000;

const common = {
  is_buy_order: {
    title: "Side",
    width: 76,
    cell: (row) => (
      <Badge tone={row.is_buy_order === true ? "accent" : "fresh"}>{row.is_buy_order === true ? "Buy" : "Sell"}</Badge>
    ),
  },
  type_id: { card: "title" },
  price: { card: "figure" },
  volume_remain: {
    title: "Filled",
    width: 190,
    align: "start",
    card: "line",
    cell: (row) => <Fill row={row} />,
  },
  location_id: { card: "none" },
} satisfies Record<string, Partial<TableColumn<Row>>>;

const open = {
  ...common,
  expires: { title: "Expires in", width: 110, cell: (row) => <Expiry row={row} /> },
  issued_by: { card: "none" },
  wallet_division: { card: "none" },
  volume_total: { hidden: true, card: "none" },
  issued: { hidden: true, card: "none" },
} satisfies Record<string, Partial<TableColumn<Row>>>;

const past = {
  state: {},
  issued: {},
  ...common,
  volume_total: { hidden: true, card: "none" },
  expires: { hidden: true, card: "none" },
} satisfies Record<string, Partial<TableColumn<Row>>>;

/** Market orders with how much of each is traded. */
export default function OrdersView(props: DatasetViewProps) {
  if (props.dataset.name !== "orders") return <DatasetPanel {...props} columns={past} />;
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-20 rounded-lg" />}>
        <Totals owner={props.owner} />
      </Boundary>
      <DatasetPanel {...props} columns={open} />
    </div>
  );
}

function Totals({ owner }: { owner: Owner }) {
  const { data: rows } = useSuspenseQuery(allRowsQuery(owner, "orders"));
  const now = useNow(60_000);
  const totals = orderTotals(
    rows.map((row) => ({
      buys: row.is_buy_order === true,
      price: numberOf(row, "price") ?? 0,
      remain: numberOf(row, "volume_remain") ?? 0,
      escrow: numberOf(row, "escrow") ?? 0,
    })),
  );
  const buys = rows.filter((row) => row.is_buy_order === true).length;
  const ending = rows.filter((row) => (timeOf(row, "expires") ?? now + DAY_MS) < now + DAY_MS).length;
  const note = <DatasetNote owner={owner} dataset="orders" />;
  return (
    <StatStrip>
      <Stat title={`${rows.length - buys} sell orders, left to sell`} value={totals.selling} note={note}>
        {formatCompact(totals.selling)}
      </Stat>
      <Stat title={`${buys} buy orders, left to buy`} value={totals.buying} note={note}>
        {formatCompact(totals.buying)}
      </Stat>
      <Stat title="In escrow" value={totals.escrow} note={note}>
        {formatCompact(totals.escrow)}
      </Stat>
      <Stat title="Expire within a day" value={ending} note={note}>
        <span className={ending > 0 ? "text-stale" : undefined}>{ending}</span>
      </Stat>
    </StatStrip>
  );
}

function Fill({ row }: { row: Row }) {
  const remain = numberOf(row, "volume_remain");
  const total = numberOf(row, "volume_total");
  const share = fillOf(remain, total);
  return (
    <span className="flex w-full min-w-0 items-center gap-2">
      <Bar share={share} tone={share === 1 ? "fresh" : "accent"} label="Filled" className="grow max-sm:w-16" />
      <span className="nums shrink-0 text-muted text-xs">
        {formatNumber((total ?? 0) - (remain ?? 0))}/{formatNumber(total ?? 0)}
      </span>
    </span>
  );
}

const endingTone = (leftMs: number): Tone => (leftMs < DAY_MS ? "stale" : "neutral");

function Expiry({ row }: { row: Row }) {
  const until = timeOf(row, "expires");
  return until === undefined ? "–" : <TimeLeft until={until} tone={endingTone} over="expired" />;
}
