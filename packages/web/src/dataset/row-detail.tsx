import type { ReactNode } from "react";
import type { Dataset, Row } from "../api/contract.ts";
import { Dialog } from "../ui/dialog.tsx";
import { drawWhole } from "./cells.tsx";

interface RowDetailProps {
  dataset: Dataset;
  row: Row | undefined;
  onClose: () => void;
  /** What a custom page knows beyond the columns: it comes first. */
  children?: ReactNode;
}

/** Every column of one row, hidden ones too; those that say nothing are left out. */
export function RowDetail({ dataset, row, onClose, children }: RowDetailProps) {
  const columns = row ? dataset.columns.filter(({ key }) => ![undefined, null, ""].includes(row[key] as never)) : [];
  return (
    <Dialog open={row !== undefined} onOpenChange={(open) => open || onClose()} title={dataset.title} placement="side">
      {children}
      <dl className="flex flex-col">
        {row
          ? columns.map((column) => (
              <div key={column.key} className="flex items-start gap-4 border-line/60 border-b py-2.5 last:border-0">
                <dt className="w-28 shrink-0 text-muted">{column.title}</dt>
                <dd className="wrap-anywhere nums min-w-0 grow text-ink [&_.truncate]:whitespace-normal">
                  {drawWhole(column, row)}
                </dd>
              </div>
            ))
          : null}
      </dl>
    </Dialog>
  );
}
