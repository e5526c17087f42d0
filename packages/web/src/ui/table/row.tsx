import { cx } from "../cx.ts";
import type { TableColumn } from "./column.ts";

interface RowProps {
  id: string;
  index: number;
  start: number;
  height: number;
  columns: TableColumn<object>[];
  row: object;
  template: string;
  active: boolean;
  onSelect: () => void;
}

const place = "absolute inset-x-0 top-0 border-line/55 border-b hover:bg-panel";

export function GridRow({ id, index, start, height, columns, row, template, active, onSelect }: RowProps) {
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      onClick={onSelect}
      style={{ height, transform: `translateY(${start}px)`, gridTemplateColumns: template }}
      className={cx(place, "grid", active && "bg-accent-dim/35 shadow-[inset_2px_0_0_var(--color-accent)]")}
    >
      {columns.map((column, position) => (
        <div
          key={column.key}
          role="gridcell"
          aria-colindex={position + 1}
          className={cx(
            "flex min-w-0 items-center overflow-hidden px-3",
            column.align === "end" && "nums justify-end text-right",
            position === 0 && "text-ink",
          )}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** One row on a phone: a heading, its figure at the right, the rest on a second line. */
export function CardRow({ id, index, start, height, columns, row, active, onSelect }: RowProps) {
  const heading = columns.find((column) => column.card === "title") ?? columns[0];
  const figure = columns.find((column) => column.card === "figure");
  const rest = columns
    .filter((column) => column !== heading && column !== figure && column.card !== "none")
    .slice(0, 3);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={active}
      onClick={onSelect}
      style={{ height, transform: `translateY(${start}px)` }}
      className={cx(place, "flex flex-col justify-center gap-1 px-3.5", active && "bg-accent-dim/35")}
    >
      <div className="flex min-w-0 items-center justify-between gap-3 text-ink">
        {heading ? (
          <div role="gridcell" className="flex min-w-0 font-medium">
            {heading.cell(row)}
          </div>
        ) : null}
        {figure ? (
          <div role="gridcell" className="nums shrink-0">
            {figure.cell(row)}
          </div>
        ) : null}
      </div>
      <div className="flex min-w-0 items-center gap-x-2.5 overflow-hidden text-muted text-xs">
        {rest.map((column) => (
          <div key={column.key} role="gridcell" className="flex min-w-0 max-w-[75%] items-center whitespace-nowrap">
            {column.cell(row)}
          </div>
        ))}
      </div>
    </div>
  );
}
