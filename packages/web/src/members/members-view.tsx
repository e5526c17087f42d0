import { useSuspenseQuery } from "@tanstack/react-query";
import type { Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { catalogueQuery } from "../catalogue/query.ts";
import { drawSince } from "../dataset/cells.tsx";
import { DatasetTable } from "../dataset/dataset-table.tsx";
import type { DatasetViewProps } from "../dataset/view.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { useBoard } from "../freshness/use-board.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { ActivityPanel } from "./activity-panel.tsx";

/** How active the members are, and the roster. */
export default function MembersView({ owner }: DatasetViewProps) {
  return (
    <div className="flex flex-col gap-4">
      <Boundary fallback={<Skeleton className="h-44 rounded-lg" />}>
        <ActivityPanel owner={owner} />
      </Boundary>
      <Boundary fallback={<Skeleton className="h-96 rounded-lg" />}>
        <Roster owner={owner} />
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

/** Member tracking has login, ship and place of every member; without it the list of names is shown. */
function Roster({ owner }: { owner: Owner }) {
  const { data: datasets } = useSuspenseQuery(catalogueQuery(owner.kind));
  const board = useBoard(owner);
  const stateOf = (dataset: string) => board.find((entry) => entry.dataset === dataset);
  const tracked = (stateOf("member-tracking")?.version ?? 0) > 0 || (stateOf("members")?.version ?? 0) === 0;
  const name = tracked ? "member-tracking" : "members";
  const dataset = datasets.find((candidate) => candidate.name === name);
  if (!dataset) return null;
  return (
    <Panel title="Roster" note={<DatasetNote owner={owner} dataset={name} />} className="table-frame flex flex-col">
      <DatasetTable
        key={name}
        owner={owner}
        dataset={dataset}
        freshness={stateOf(name)}
        columns={tracked ? trackingColumns : nameColumns}
        className="grow"
      />
    </Panel>
  );
}
