import { useSuspenseQuery } from "@tanstack/react-query";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { sumsQuery } from "../dataset/query.ts";
import { nameOf, numberOf, textOf } from "../dataset/read-row.ts";
import { useTableSearch } from "../dataset/use-table-search.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Badge } from "../ui/badge.tsx";
import { Bar } from "../ui/bar.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatCompact, formatIsk, formatNumber } from "../ui/format.ts";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import type { TableColumn } from "../ui/table/column.ts";

const columns = {
  killmail_time: {},
  is_loss: {
    title: "Outcome",
    width: 84,
    grow: 0.2,
    cell: (row) => (
      <Badge tone={row.is_loss === true ? "failed" : "fresh"}>{row.is_loss === true ? "Loss" : "Kill"}</Badge>
    ),
  },
  ship_type_id: { card: "title" },
  worth: {
    title: "Worth",
    width: 110,
    grow: 0.5,
    cell: (row) => (
      <span title={formatIsk(numberOf(row, "worth") ?? 0)}>{formatCompact(numberOf(row, "worth") ?? 0)}</span>
    ),
  },
  victim_name: {},
  victim_corporation_name: { card: "none" },
  solar_system_id: {},
  final_blow_name: { card: "none" },
  attacker_count: { card: "none" },
} satisfies Record<string, Partial<TableColumn<Row>>>;

/** Kills and losses with the ship and what was on it; an opened one lists what was destroyed and dropped. */
export default function KillmailsView(props: DatasetViewProps) {
  return (
    <div className="flex flex-col gap-4">
      {props.dataset.columns.some(({ key }) => key === "worth") ? (
        <Boundary fallback={<Skeleton className="h-20 rounded-lg" />}>
          <Totals owner={props.owner} />
        </Boundary>
      ) : null}
      <DatasetPanel {...props} columns={columns} detail={(row) => <Wreck row={row} />} />
    </div>
  );
}

function Totals({ owner }: { owner: Owner }) {
  const [search] = useTableSearch();
  const period = { ...(search.from ? { from: search.from } : {}), ...(search.to ? { to: search.to } : {}) };
  const { data: sides } = useSuspenseQuery(sumsQuery(owner, "killmails", "is_loss", "worth", period));
  const of = (loss: boolean) => {
    const { count = 0, sum = 0 } = sides.find((side) => side.value === loss) ?? {};
    return { count, worth: Number(sum) };
  };
  const [kills, losses] = [of(false), of(true)];
  const all = kills.worth + losses.worth;
  const share = all > 0 ? kills.worth / all : 0;
  const note = <DatasetNote owner={owner} dataset="killmails" />;
  return (
    <StatStrip>
      <Stat title="Kills" value={kills.count} note={note}>
        {formatNumber(kills.count)}
      </Stat>
      <Stat title="Losses" value={losses.count} note={note}>
        {formatNumber(losses.count)}
      </Stat>
      <Stat title="Destroyed / lost, at base prices" note={note}>
        {formatCompact(kills.worth)} <span className="text-faint">/</span>{" "}
        <span className="text-failed">{formatCompact(losses.worth)}</span>
      </Stat>
      <Stat
        title="ISK efficiency"
        note={<Bar share={share} tone={share >= 0.5 ? "fresh" : "stale"} label="ISK efficiency" className="mt-1.5" />}
      >
        {all > 0 ? `${Math.round(share * 100)} %` : "–"}
      </Stat>
    </StatStrip>
  );
}

interface Item {
  type_id: number;
  name: string;
  quantity: number;
  dropped: boolean;
  worth: number;
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && "type_id" in value && "name" in value && "worth" in value;
}

function Wreck({ row }: { row: Row }) {
  const loot: unknown[] = Array.isArray(row.loot) ? row.loot : [];
  const items = loot.filter(isItem).sort((a, b) => b.worth - a.worth);
  return (
    <section className="mb-4">
      <div className="mb-3 flex items-center gap-3">
        <EveImage kind="type" id={Number(row.ship_type_id)} name={nameOf(row, "ship_type_id")} size={48} />
        <div className="min-w-0">
          <div className="font-medium text-ink">{nameOf(row, "ship_type_id")}</div>
          <div className="text-muted">
            {textOf(row, "victim_name")} · {textOf(row, "victim_corporation_name")}
          </div>
          <a
            href={`https://zkillboard.com/kill/${row.killmail_id}/`}
            target="_blank"
            rel="noreferrer"
            className="text-accent text-xs hover:underline"
          >
            On zKillboard
          </a>
        </div>
      </div>
      {items.length > 0 ? (
        <ul className="scroll-quiet max-h-96 overflow-y-auto rounded-md bg-raised/50 px-2.5 py-1">
          {items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a wreck holds the same thing many times, and never changes
            <li key={at} className="flex items-center gap-2.5 py-1">
              <EveImage kind="type" id={item.type_id} name={item.name} size={22} />
              <span className="min-w-0 grow truncate text-ink">{item.name}</span>
              {item.quantity > 1 ? (
                <span className="nums text-muted text-xs">×{formatNumber(item.quantity)}</span>
              ) : null}
              <span className="nums min-w-14 whitespace-nowrap text-right text-xs">{formatCompact(item.worth)}</span>
              <Badge tone={item.dropped ? "fresh" : "neutral"}>{item.dropped ? "dropped" : "destroyed"}</Badge>
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
