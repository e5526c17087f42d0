import { useQuery } from "@tanstack/react-query";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetPanel } from "../dataset/dataset-panel.tsx";
import { allRowsQuery } from "../dataset/query.ts";
import { numberOf, textOf, timeOf } from "../dataset/read-row.ts";
import type { DatasetViewProps } from "../dataset/view.ts";
import { Badge, type Tone } from "../ui/badge.tsx";
import { Bar } from "../ui/bar.tsx";
import { Failed } from "../ui/boundary.tsx";
import { EveImage } from "../ui/eve-image.tsx";
import { formatCompact, formatIsk, formatNumber, humanise } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { TimeLeft } from "../ui/time-left.tsx";

const tones: Record<string, Tone> = { Active: "accent", Completed: "fresh", Expired: "stale", Closed: "neutral" };

const columns = {
  name: { card: "title" },
  state: {
    width: 100,
    grow: 0.4,
    cell: (row) => <Badge tone={tones[String(row.state)] ?? "neutral"}>{humanise(String(row.state))}</Badge>,
  },
  progress_current: {
    title: "Progress",
    width: 210,
    grow: 1.4,
    align: "start",
    card: "line",
    cell: (row) => <Progress row={row} />,
  },
  progress_desired: { hidden: true, card: "none" },
  reward_remaining: {
    title: "Reward left",
    card: "figure",
    cell: (row) => (
      <span title={`${formatIsk(numberOf(row, "reward_remaining") ?? 0)} ISK`}>
        {formatCompact(numberOf(row, "reward_remaining") ?? 0)}
        <span className="text-faint"> of {formatCompact(numberOf(row, "reward_initial") ?? 0)}</span>
      </span>
    ),
  },
  reward_initial: { hidden: true, card: "none" },
  goal: { card: "none" },
  career: { card: "none" },
  creator_name: { card: "none" },
  expires: {
    cell: (row) => {
      const until = timeOf(row, "expires");
      return until === undefined ? "–" : <TimeLeft until={until} over="expired" />;
    },
  },
  last_modified: { card: "none" },
  created: { hidden: true, card: "none" },
} satisfies Record<string, Partial<TableColumn<Row>>>;

/** Corporation projects and freelance jobs; an opened one shows who contributed how much. */
export default function ProjectsView(props: DatasetViewProps) {
  return (
    <DatasetPanel
      {...props}
      columns={columns}
      detail={(row) => <Contributors owner={props.owner} dataset={props.dataset.name} row={row} />}
    />
  );
}

function Progress({ row }: { row: Row }) {
  const current = numberOf(row, "progress_current") ?? 0;
  const desired = numberOf(row, "progress_desired") ?? 0;
  const share = desired > 0 ? current / desired : 0;
  return (
    <span className="flex w-full min-w-0 items-center gap-2">
      <Bar share={share} tone={share >= 1 ? "fresh" : "accent"} label="Progress" className="grow max-sm:w-16" />
      <span className="nums shrink-0 text-muted text-xs">
        {formatNumber(current)}/{formatNumber(desired)}
      </span>
    </span>
  );
}

interface ContributorsProps {
  owner: Owner;
  dataset: string;
  row: Row;
}

function Contributors({ owner, dataset, row }: ContributorsProps) {
  const [list, column] =
    dataset === "freelance-jobs" ? ["freelance-participants", "job_id"] : ["project-contributors", "project_id"];
  const search = { sort: "-contributed", f: { [column]: [String(row.id)] } };
  const people = useQuery(allRowsQuery(owner, list, search));
  const most = Math.max(1, ...(people.data ?? []).map((person) => numberOf(person, "contributed") ?? 0));
  return (
    <section className="mb-4">
      <div className="mb-4">
        <Progress row={row} />
      </div>
      <h3 className="mb-1.5 text-xs">
        Contributors <span className="nums font-normal text-faint">{people.data?.length}</span>
      </h3>
      {people.isPending ? <SkeletonRows rows={3} /> : null}
      {people.isError ? <Failed error={people.error} onRetry={() => void people.refetch()} /> : null}
      {people.data?.length === 0 ? <p className="text-muted">Nobody has contributed yet.</p> : null}
      <ul className="scroll-quiet max-h-72 overflow-y-auto rounded-md bg-raised/50 px-2.5 empty:hidden">
        {people.data?.map((person) => (
          <li key={String(person.character_id)} className="flex items-center gap-2.5 py-1.5">
            <EveImage
              kind="character"
              id={Number(person.character_id)}
              name={textOf(person, "name") ?? "?"}
              size={22}
            />
            <span className="w-2/5 truncate text-ink">{textOf(person, "name") ?? String(person.character_id)}</span>
            <Bar share={(numberOf(person, "contributed") ?? 0) / most} tone="neutral" label="Share" className="grow" />
            <span className="nums text-muted text-xs">{formatNumber(numberOf(person, "contributed") ?? 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
