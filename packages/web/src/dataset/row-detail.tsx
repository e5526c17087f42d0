import type { Dataset, Row } from "../api/contract.ts";
import { Dialog } from "../ui/dialog.tsx";
import { drawValue } from "./cells.tsx";

/** Every column of one row, hidden ones too. */
export function RowDetail({ dataset, row, onClose }: { dataset: Dataset; row: Row | undefined; onClose: () => void }) {
  return (
    <Dialog open={row !== undefined} onOpenChange={(open) => open || onClose()} title={dataset.title} placement="side">
      <dl className="flex flex-col">
        {row
          ? dataset.columns.map((column) => (
              <div key={column.key} className="flex items-start gap-4 border-line/60 border-b py-2.5 last:border-0">
                <dt className="w-28 shrink-0 text-muted">{column.title}</dt>
                <dd className="wrap-anywhere nums min-w-0 grow text-ink [&_.truncate]:whitespace-normal">
                  {drawValue(column, row)}
                </dd>
              </div>
            ))
          : null}
      </dl>
    </Dialog>
  );
}
