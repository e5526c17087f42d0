import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { serverNow } from "../api/clock.ts";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { datasetLink } from "../catalogue/links.ts";
import { allRowsQuery } from "../dataset/query.ts";
import { nameOf, numberOf, textOf, timeOf } from "../dataset/read-row.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Badge } from "../ui/badge.tsx";
import { Bar } from "../ui/bar.tsx";
import { Button } from "../ui/button.tsx";
import { formatCount, formatNumber, humanise } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { TimeLeft } from "../ui/time-left.tsx";
import { stateTone, towerFuelMs } from "./fuel.ts";
import { FuelGauge } from "./fuel-gauge.tsx";

interface ListProps {
  owner: Owner;
  dataset: string;
  title: string;
  empty: string;
  rows: Row[];
  draw: (row: Row) => ReactNode;
}

function List({ owner, dataset, title, empty, rows, draw }: ListProps) {
  return (
    <Panel
      title={title}
      note={<DatasetNote owner={owner} dataset={dataset} />}
      actions={
        <Button asChild look="quiet" size="small">
          <Link {...datasetLink(owner, dataset)}>Table</Link>
        </Button>
      }
    >
      {rows.length === 0 ? (
        <p className="px-3.5 py-3 text-muted">{empty}</p>
      ) : (
        <ul className="scroll-quiet max-h-96 overflow-y-auto">
          {rows.map((row) => (
            <li
              key={String(row.id ?? row.starbase_id)}
              className="flex flex-col gap-1.5 border-line/60 border-b px-3.5 py-2.5 last:border-0"
            >
              {draw(row)}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Head({ name, note, state }: { name: string; note?: string | undefined; state?: string | undefined }) {
  return (
    <div className="flex items-center gap-2">
      <span className="min-w-0 grow truncate">
        <span className="font-medium text-ink">{name}</span> <span className="text-muted text-xs">{note}</span>
      </span>
      {state ? <Badge tone={stateTone(state)}>{humanise(state)}</Badge> : null}
    </div>
  );
}

export function Starbases({ owner }: { owner: Owner }) {
  const details = useQuery(allRowsQuery(owner, "starbase-details"));
  const { data: rows } = useSuspenseQuery(allRowsQuery(owner, "starbases"));
  // Without their details the towers themselves are still there.
  const detailOf = new Map((details.data ?? []).map((row) => [row.starbase_id, row]));
  return (
    <List
      owner={owner}
      dataset="starbases"
      title="Starbases"
      empty="No control towers."
      rows={rows}
      draw={(row) => {
        const detail = detailOf.get(row.starbase_id);
        const blocks = detail && numberOf(detail, "fuel_quantity");
        const until = timeOf(row, "reinforced_until");
        return (
          <>
            <Head
              name={textOf(row, "moon") ?? nameOf(row, "system_id")}
              note={nameOf(row, "type_id")}
              state={textOf(row, "state")}
            />
            {blocks === undefined ? null : (
              <FuelGauge about until={serverNow() + towerFuelMs(nameOf(row, "type_id"), blocks)} />
            )}
            {detail ? (
              <span className="nums text-faint text-xs">
                {formatCount(blocks ?? 0, "block")} · {formatNumber(numberOf(detail, "strontium_quantity") ?? 0)}{" "}
                strontium
              </span>
            ) : null}
            {until ? (
              <span className="text-failed text-xs">
                Comes out of reinforcement in <TimeLeft until={until} />
              </span>
            ) : null}
          </>
        );
      }}
    />
  );
}

export function Skyhooks({ owner }: { owner: Owner }) {
  const { data: rows } = useSuspenseQuery(allRowsQuery(owner, "skyhook-details", { sort: "vulnerable_from" }));
  return (
    <List
      owner={owner}
      dataset="skyhook-details"
      title="Skyhooks"
      empty="No skyhooks."
      rows={rows}
      draw={(row) => (
        <>
          <Head name={textOf(row, "planet") ?? `Planet ${row.planet_id}`} state={textOf(row, "state")} />
          <Window row={row} />
          <span className="nums text-faint text-xs">
            {formatNumber(numberOf(row, "secured_stock") ?? 0)} secured ·{" "}
            {formatNumber(numberOf(row, "unsecured_stock") ?? 0)} unsecured ·{" "}
            {formatNumber(numberOf(row, "effective_workforce") ?? 0)} workforce
          </span>
        </>
      )}
    />
  );
}

function Window({ row }: { row: Row }) {
  const from = timeOf(row, "vulnerable_from");
  const until = timeOf(row, "vulnerable_until");
  if (!from || !until || until < serverNow()) return null;
  return (
    <span className="text-muted text-xs">
      {from > serverNow() ? (
        <>
          Vulnerable in <TimeLeft until={from} className="text-ink" />
        </>
      ) : (
        <span className="text-failed">
          Vulnerable for another <TimeLeft until={until} />
        </span>
      )}
    </span>
  );
}

export function Hubs({ owner }: { owner: Owner }) {
  const { data: rows } = useSuspenseQuery(allRowsQuery(owner, "sovereignty-hub-details", { sort: "fuel_expires" }));
  return (
    <List
      owner={owner}
      dataset="sovereignty-hub-details"
      title="Sovereignty hubs"
      empty="No sovereignty hubs."
      rows={rows}
      draw={(row) => (
        <>
          <Head name={nameOf(row, "solar_system_id")} note={`${humanise(textOf(row, "workforce_transport") ?? "")}`} />
          <FuelGauge until={timeOf(row, "fuel_expires")} />
          <Used title="Power" row={row} of="power" />
          <Used title="Workforce" row={row} of="workforce" />
          <Window row={row} />
          {(numberOf(row, "upgrades_offline") ?? 0) > 0 ? (
            <Badge tone="stale" className="self-start">
              {row.upgrades_offline as number} upgrades offline
            </Badge>
          ) : null}
        </>
      )}
    />
  );
}

function Used({ title, row, of }: { title: string; row: Row; of: string }) {
  const used = numberOf(row, `${of}_allocated`) ?? 0;
  const all = numberOf(row, `${of}_available`) ?? 0;
  return (
    <div className="nums flex items-center gap-2 text-2xs text-faint">
      <span className="w-16">{title}</span>
      <Bar
        share={all > 0 ? used / all : 0}
        tone={used > all ? "failed" : "neutral"}
        label={`${title} in use`}
        className="h-1 grow"
      />
      <span className="text-muted">
        {formatNumber(used)}/{formatNumber(all)}
      </span>
    </div>
  );
}
