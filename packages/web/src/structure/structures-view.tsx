import { useSuspenseQuery } from "@tanstack/react-query";
import { Castle } from "lucide-react";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { allRowsQuery } from "../dataset/query.ts";
import { nameOf, numberOf, textOf, timeOf } from "../dataset/read-row.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Badge } from "../ui/badge.tsx";
import { Boundary } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { humanise } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { TimeLeft } from "../ui/time-left.tsx";
import { parseServices, stateTone } from "./fuel.ts";
import { FuelGauge } from "./fuel-gauge.tsx";
import { Hubs, Skyhooks, Starbases } from "./other-structures.tsx";

/** Structures by what runs out first, the corporation's other possessions in space beside them. */
export default function StructuresView(props: DatasetViewProps) {
  const { owner } = props;
  return (
    <div className="flex flex-col gap-4">
      <Board owner={owner} />
      <div className="grid items-start gap-4 xl:grid-cols-3">
        <Boundary>
          <Starbases owner={owner} />
        </Boundary>
        <Boundary>
          <Skyhooks owner={owner} />
        </Boundary>
        <Boundary>
          <Hubs owner={owner} />
        </Boundary>
      </div>
      <DatasetPanel {...props} title="All columns" />
    </div>
  );
}

function Board({ owner }: { owner: Owner }) {
  const { data: rows } = useSuspenseQuery(allRowsQuery(owner, "structures", { sort: "fuel_expires" }));
  // A structure without fuel burns none: it has no service online, and stands below those that can run dry.
  const sorted = [...rows].sort(
    (a, b) => (timeOf(a, "fuel_expires") ?? Infinity) - (timeOf(b, "fuel_expires") ?? Infinity),
  );
  return (
    <Panel title="Structures" note={<DatasetNote owner={owner} dataset="structures" />} className="@container">
      {sorted.length === 0 ? (
        <Message icon={Castle} title="No structures">
          Upwell structures of the corporation appear here with their fuel, timers and services.
        </Message>
      ) : (
        <ul>
          {sorted.map((row) => (
            <Structure key={String(row.structure_id)} row={row} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Structure({ row }: { row: Row }) {
  const state = textOf(row, "state");
  const timer = timeOf(row, "state_timer_end");
  const unanchors = timeOf(row, "unanchors_at");
  const hour = numberOf(row, "reinforce_hour");
  return (
    <li
      data-testid={`structure-${row.structure_id}`}
      className="grid @4xl:grid-cols-[minmax(14rem,1.3fr)_13rem_minmax(15rem,0.9fr)_minmax(11rem,1.2fr)] items-center gap-x-5 gap-y-2 border-line/60 border-b px-3.5 py-2.5 last:border-0"
    >
      <div className="flex min-w-0 items-center gap-3">
        <EveImage kind="type" id={Number(row.type_id)} name={nameOf(row, "type_id")} size={36} />
        <div className="min-w-0">
          <div className="truncate font-medium text-ink">{textOf(row, "name") ?? String(row.structure_id)}</div>
          <div className="truncate text-muted text-xs">
            {nameOf(row, "type_id")} · {nameOf(row, "system_id")}
          </div>
        </div>
      </div>
      <FuelGauge until={timeOf(row, "fuel_expires")} />
      <div className="flex flex-wrap items-center gap-2 text-xs">
        <Badge tone={stateTone(state)}>{humanise(state ?? "unknown")}</Badge>
        {timer ? <TimeLeft until={timer} over="now" className="text-ink" /> : null}
        {unanchors ? (
          <span className="text-stale">
            unanchors in <TimeLeft until={unanchors} />
          </span>
        ) : null}
        {hour === undefined ? null : (
          <span className="nums text-faint">vulnerable {String(hour).padStart(2, "0")}:00</span>
        )}
      </div>
      <div className="flex flex-wrap gap-1">
        {parseServices(textOf(row, "services")).map((service) => (
          <Badge key={service.name} tone={service.online ? "neutral" : "stale"}>
            {service.name}
            {service.online ? null : " offline"}
          </Badge>
        ))}
      </div>
    </li>
  );
}
