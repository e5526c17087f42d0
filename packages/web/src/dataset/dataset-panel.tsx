import type { ReactNode } from "react";
import type { Dataset, Freshness, Row } from "../api/contract.ts";
import { DatasetNote } from "../corporation/dataset-note.tsx";
import { Panel } from "../ui/panel.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { DatasetTable } from "./dataset-table.tsx";
import type { TableSearch } from "./table-search.ts";
import { useTableSearch } from "./use-table-search.ts";

/** What every page of a dataset is given. */
export interface DatasetViewProps {
  corporationId: number;
  dataset: Dataset;
  freshness: Freshness | undefined;
}

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
  const { corporationId, dataset } = table;
  const [{ at }] = useTableSearch();
  return (
    <Panel
      title={title ?? dataset.title}
      // How old the present is says nothing about the past.
      note={at === undefined ? <DatasetNote corporationId={corporationId} dataset={dataset.name} /> : null}
      actions={actions}
      className="flex h-[max(26rem,calc(100dvh-15.5rem))] flex-col"
    >
      <DatasetTable key={dataset.name} {...table} className="grow" />
    </Panel>
  );
}
