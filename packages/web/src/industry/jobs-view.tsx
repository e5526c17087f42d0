import { useSuspenseQuery } from "@tanstack/react-query";
import { Factory } from "lucide-react";
import { useState } from "react";
import { useNow } from "../api/clock.ts";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { allRowsQuery } from "../dataset/query.ts";
import { nameOf, numberOf, textOf, timeOf } from "../dataset/read-row.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Badge } from "../ui/badge.tsx";
import { Bar } from "../ui/bar.tsx";
import { Button } from "../ui/button.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatCompact, formatCount, formatNumber } from "../ui/format.ts";
import { Message } from "../ui/message.tsx";
import { Panel } from "../ui/panel.tsx";
import { Stat, StatStrip } from "../ui/stat.tsx";
import { TimeLeft } from "../ui/time-left.tsx";
import { type JobPhase, phaseOf, progressOf } from "./jobs.ts";

const SHOWN_FIRST = 12;

/** What runs, how far it is and what waits to be delivered; the table of all jobs below. */
export default function JobsView(props: DatasetViewProps) {
  return (
    <div className="flex flex-col gap-4">
      <Running owner={props.owner} />
      <DatasetPanel {...props} title="All jobs" columns={{ product_type_id: { card: "title" }, activity: {} }} />
    </div>
  );
}

function Running({ owner }: { owner: Owner }) {
  const search = { sort: "end_date", f: { status: ["active", "paused", "ready"] } };
  const { data: rows } = useSuspenseQuery(allRowsQuery(owner, "industry-jobs", search));
  const now = useNow(10_000);
  const [all, setAll] = useState(false);
  const jobs = rows.map((row) => ({ row, phase: phaseOf(textOf(row, "status"), timeOf(row, "end_date"), now) }));
  const count = (phase: JobPhase) => jobs.filter((job) => job.phase === phase).length;
  const next = jobs.find((job) => job.phase === "running");
  const cost = jobs.reduce((sum, { row }) => sum + (numberOf(row, "cost") ?? 0), 0);
  const note = <DatasetNote owner={owner} dataset="industry-jobs" />;
  return (
    <>
      <StatStrip>
        <Stat title="Running" value={count("running")} note={note}>
          {count("running")}
        </Stat>
        <Stat title="Ready to deliver" value={count("ready")} note={note}>
          <span className={count("ready") > 0 ? "text-accent" : undefined}>{count("ready")}</span>
        </Stat>
        <Stat title="Next is ready in" note={next ? nameOf(next.row, "product_type_id") : "Nothing runs"}>
          {next ? <TimeLeft until={timeOf(next.row, "end_date") ?? 0} /> : "–"}
        </Stat>
        <Stat title="Paid for running jobs" value={cost} note={note}>
          {formatCompact(cost)}
        </Stat>
      </StatStrip>
      <Panel
        title="In progress"
        note={`${formatCount(jobs.length, "job")}, by ${jobs.length === 1 ? "its" : "their"} end`}
        className="@container"
      >
        {jobs.length === 0 ? (
          <Message icon={Factory} title="Nothing runs">
            Jobs appear here with their progress as soon as somebody installs one.
          </Message>
        ) : (
          <ul>
            {jobs.slice(0, all ? undefined : SHOWN_FIRST).map(({ row, phase }) => (
              <Job key={String(row.job_id)} row={row} phase={phase} now={now} />
            ))}
          </ul>
        )}
        {jobs.length > SHOWN_FIRST ? (
          <div className="border-line border-t p-1.5">
            <Button look="quiet" size="small" className="w-full" onClick={() => setAll(!all)}>
              {all ? "Show fewer" : `Show all ${jobs.length}`}
            </Button>
          </div>
        ) : null}
      </Panel>
    </>
  );
}

const phases = {
  running: { word: "Running", tone: "accent" },
  ready: { word: "Ready", tone: "fresh" },
  paused: { word: "Paused", tone: "stale" },
  over: { word: "Over", tone: "neutral" },
} as const;

function Job({ row, phase, now }: { row: Row; phase: JobPhase; now: number }) {
  const start = timeOf(row, "start_date") ?? now;
  const end = timeOf(row, "end_date") ?? now;
  const share = phase === "ready" ? 1 : progressOf(start, end, timeOf(row, "pause_date") ?? now);
  const { word, tone } = phases[phase];
  const made = row.product_type_id ? "product_type_id" : "blueprint_type_id";
  return (
    <li className="grid @3xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(10rem,1fr)_5rem] items-center gap-x-5 gap-y-1.5 border-line/60 border-b px-3.5 py-2 last:border-0">
      <div className="flex min-w-0 items-center gap-2.5">
        <EveImage kind="type" id={Number(row[made])} name={nameOf(row, made)} size={28} />
        <div className="min-w-0">
          <div className="truncate text-ink">
            {nameOf(row, made)}
            <span className="nums text-faint"> ×{formatNumber(numberOf(row, "runs") ?? 1)}</span>
          </div>
          <div className="truncate text-muted text-xs">{textOf(row, "activity")}</div>
        </div>
      </div>
      <div className="min-w-0 text-xs max-sm:hidden">
        <div className="truncate">{nameOf(row, "installer_id")}</div>
        <div className="truncate text-faint" title={nameOf(row, "location_id")}>
          {nameOf(row, "location_id")}
        </div>
      </div>
      <div className="flex items-center gap-3">
        <Bar share={share} tone={tone} label={`Progress of ${nameOf(row, made)}`} className="grow" />
        <span className="nums w-11 whitespace-nowrap text-right text-muted text-xs">{Math.floor(share * 100)} %</span>
      </div>
      <div className="@3xl:text-right text-xs">
        {phase === "running" ? <TimeLeft until={end} over="ready" /> : <Badge tone={tone}>{word}</Badge>}
      </div>
    </li>
  );
}
