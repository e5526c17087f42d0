import { useSuspenseQueries } from "@tanstack/react-query";
import { sumOf } from "@tapi/core/platform/decimal";
import { Pickaxe } from "lucide-react";
import { useDeferredValue } from "react";
import type { DatasetColumn, Facet } from "../api/contract.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { facetLabel, filterValue } from "../dataset/facet-list.tsx";
import { sumsQuery } from "../dataset/query.ts";
import { type FilterValue, toggleValue, withFilter } from "../dataset/table-search.ts";
import { useTableSearch } from "../dataset/use-table-search.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Bar } from "../ui/bar.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { cx } from "../ui/cx.ts";
import { EveImage } from "../ui/eve-image.tsx";
import { formatCompact, formatIsk, formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";

/** Mined by pilot and by ore, with what it is worth; choosing one narrows the table below. */
export default function LedgerView(props: DatasetViewProps) {
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-80 rounded-lg" />}>
        <Sums {...props} />
      </Boundary>
      <DatasetPanel {...props} title="Entries" columns={{ character_name: { card: "title" }, type_id: {} }} />
    </div>
  );
}

function Sums({ owner, dataset }: DatasetViewProps) {
  const [search, setSearch] = useTableSearch();
  // The sums of the previous search stay until the new ones have loaded.
  const settledSearch = useDeferredValue(search);
  // Without a price the sums are in units.
  const priced = dataset.columns.some(({ key }) => key === "worth");
  const sum = priced ? "worth" : "quantity";
  const [{ data: pilots }, { data: ores }, { data: places }] = useSuspenseQueries({
    queries: [
      sumsQuery(owner, dataset.name, "character_name", sum, withFilter(settledSearch, "character_name", undefined)),
      sumsQuery(owner, dataset.name, "type_id", sum, withFilter(settledSearch, "type_id", undefined)),
      sumsQuery(owner, dataset.name, "observer_id", sum, settledSearch),
    ],
  });
  const age = <DatasetNote owner={owner} dataset={dataset.name} />;
  const total = sumOf(places.map((facet) => facet.sum ?? 0));
  const best = places[0];
  const choose = (column: string) => (value: FilterValue) =>
    setSearch(withFilter(search, column, toggleValue(search.f?.[column], value)));
  const columnOf = (key: string) => dataset.columns.find((column) => column.key === key);
  return (
    <>
      <StatStrip>
        <Stat
          title={priced ? "Worth at base prices" : "Units mined"}
          testId="stat-mined"
          value={total}
          note={
            <>
              {search.from || search.to ? "In the days chosen" : "In the last 30 days"} · {age}
            </>
          }
        >
          <span title={formatIsk(total)}>{formatCompact(Number(total))}</span>
        </Stat>
        <Stat title="Pilots" value={pilots.length} note={pilots[0] ? `Most: ${pilots[0].value}` : "–"}>
          {formatNumber(pilots.length)}
        </Stat>
        <Stat title="Ores" value={ores.length} note={ores[0]?.name ? `Most: ${ores[0].name}` : "–"}>
          {formatNumber(ores.length)}
        </Stat>
        <Stat title="Best place" note={best ? formatCompact(Number(best.sum ?? 0)) : "–"}>
          <span className="text-sm">{best ? (best.name ?? String(best.value)) : "–"}</span>
        </Stat>
      </StatStrip>
      <div className="grid gap-4 lg:grid-cols-2">
        <Ranking
          title="By pilot"
          column={columnOf("character_name")}
          facets={pilots}
          chosen={search.f?.character_name ?? []}
          onChoose={choose("character_name")}
        />
        <Ranking
          title="By ore"
          column={columnOf("type_id")}
          facets={ores}
          chosen={search.f?.type_id ?? []}
          onChoose={choose("type_id")}
        />
      </div>
    </>
  );
}

interface RankingProps {
  title: string;
  column: DatasetColumn | undefined;
  facets: Facet[];
  chosen: readonly FilterValue[];
  onChoose: (value: FilterValue) => void;
}

function Ranking({ title, column, facets, chosen, onChoose }: RankingProps) {
  const most = Math.max(1, Number(facets[0]?.sum ?? 0));
  const picture = column?.kind === "type";
  return (
    <Panel title={title} note={`${facets.length}`}>
      {facets.length === 0 ? (
        <p className="flex items-center gap-2 px-3.5 py-4 text-muted">
          <Pickaxe className="size-4" aria-hidden />
          Nothing mined in these days.
        </p>
      ) : (
        <ul className="scroll-quiet max-h-72 overflow-y-auto p-1">
          {facets.map((facet) => {
            const label = facetLabel({ kind: column?.kind ?? "text" }, facet);
            const active = chosen.includes(filterValue(facet));
            return (
              <li key={String(facet.value)}>
                <button
                  type="button"
                  aria-pressed={active}
                  onClick={() => onChoose(filterValue(facet))}
                  className={cx(
                    "flex w-full items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left outline-offset-[-2px] hover:bg-hover",
                    active && "bg-accent-dim/60",
                  )}
                >
                  {picture ? <EveImage kind="type" id={Number(facet.value)} name={label} size={20} /> : null}
                  <span className="w-2/5 truncate text-ink">{label}</span>
                  <Bar
                    share={Number(facet.sum ?? 0) / most}
                    tone="neutral"
                    label={`Share of ${label}`}
                    className="grow"
                  />
                  <span className="nums w-16 text-right text-xs" title={formatIsk(facet.sum ?? 0)}>
                    {formatCompact(Number(facet.sum ?? 0))}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
