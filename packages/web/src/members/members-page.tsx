import { useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Row } from "../api/contract.ts";
import { DatasetNote } from "../corporation/dataset-note.tsx";
import { useBoard } from "../corporation/use-board.ts";
import { drawSince } from "../dataset/cells.tsx";
import { DatasetTable } from "../dataset/dataset-table.tsx";
import { datasetsQuery } from "../dataset/query.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { ActivityPanel } from "./activity-panel.tsx";

export function MembersPage() {
  const { corporationId } = useParams({ from: "/corporations/$corporationId/members" });
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-44 rounded-lg" />}>
        <ActivityPanel corporationId={corporationId} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Roster corporationId={corporationId} />
      </Boundary>
    </div>
  );
}

const trackingColumns = {
  character_id: { title: "Member", card: "title" },
  logon_date: { card: "figure", cell: (row: Row) => drawSince(row, "logon_date") },
  ship_type_id: {},
  location_id: {},
  start_date: { card: "none" },
  logoff_date: { card: "none", hidden: true },
} satisfies Record<string, Partial<TableColumn<Row>>>;

const nameColumns = { name: { card: "title" } } satisfies Record<string, Partial<TableColumn<Row>>>;

/** Tracking holds every member with login, ship and place; without it the plain list of names still serves. */
function Roster({ corporationId }: { corporationId: number }) {
  const { data: datasets } = useSuspenseQuery(datasetsQuery);
  const board = useBoard(corporationId);
  const stateOf = (dataset: string) => board.find((entry) => entry.dataset === dataset);
  const tracked = (stateOf("member-tracking")?.version ?? 0) > 0 || (stateOf("members")?.version ?? 0) === 0;
  const name = tracked ? "member-tracking" : "members";
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (!dataset) return null;
  return (
    <Panel
      title="Roster"
      note={<DatasetNote corporationId={corporationId} dataset={name} />}
      className="table-frame flex flex-col"
    >
      <DatasetTable
        key={name}
        corporationId={corporationId}
        dataset={dataset}
        freshness={stateOf(name)}
        columns={tracked ? trackingColumns : nameColumns}
        className="grow"
      />
    </Panel>
  );
}
