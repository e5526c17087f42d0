import type { ReactNode } from "react";
import type { Row } from "../api/contract.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { Panel } from "../ui/panel.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { DatasetTable } from "./dataset-table.tsx";
import type { TableSearch } from "./table-search.ts";
import { useTableSearch } from "./use-table-search.ts";
import type { DatasetViewProps } from "./view.ts";

interface DatasetPanelProps extends DatasetViewProps {
  title?: ReactNode;
  columns?: Record<string, Partial<TableColumn<Row>>>;
  /** Beneath all columns of an opened row. */
  detail?: (row: Row) => ReactNode;
  fixed?: TableSearch["f"];
  actions?: ReactNode;
}

/** A dataset's table in its frame. */
export function DatasetPanel({ title, actions, ...table }: DatasetPanelProps) {
  const { owner, dataset } = table;
  const [{ at }] = useTableSearch();
  return (
    <Panel
      title={title ?? dataset.title}
      // The age of the present rows says nothing about those of the past.
      note={at === undefined ? <DatasetNote owner={owner} dataset={dataset.name} /> : null}
      actions={actions}
      className="flex h-[max(26rem,calc(100dvh-15.5rem))] flex-col"
    >
      <DatasetTable key={dataset.name} {...table} className="grow" />
    </Panel>
  );
}
