import { ArrowDown, ArrowUp } from "lucide-react";
import { cx } from "../cx.ts";
import type { TableColumn, TableSort } from "./column.ts";

interface HeaderRowProps<Row> {
  columns: TableColumn<Row>[];
  template: string;
  minWidth: number;
  sort?: TableSort | undefined;
  onSort?: (sort: TableSort | undefined) => void;
}

export function HeaderRow<Row>({ columns, template, minWidth, sort, onSort }: HeaderRowProps<Row>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      style={{ gridTemplateColumns: template, minWidth }}
      className="sticky top-0 z-10 grid h-[34px] border-line border-b bg-panel"
    >
      {columns.map((column) => (
        <HeaderCell key={column.key} column={column} sort={sort} {...(onSort ? { onSort } : {})} />
      ))}
    </div>
  );
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: { column: TableColumn<Row> } & Pick<HeaderRowProps<Row>, "sort" | "onSort">) {
  const sorted = sort?.key === column.key ? sort : undefined;
  const Arrow = sorted?.descending ? ArrowDown : ArrowUp;
  const classes = cx(
    "flex min-w-0 items-center gap-1 px-3 font-medium text-xs",
    column.align === "end" && "justify-end",
    sorted ? "text-ink" : "text-muted",
  );
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (sorted.descending ? "descending" : "ascending") : "none"}
      className="grid min-w-0"
    >
      {column.sortable && onSort ? (
        <button
          type="button"
          onClick={() => onSort(nextSort(column, sorted))}
          className={cx(classes, "outline-offset-[-2px] hover:text-ink")}
        >
          <span className="truncate">{column.title}</span>
          {sorted ? <Arrow className="size-3 shrink-0 text-accent" aria-hidden /> : null}
        </button>
      ) : (
        <span className={classes}>
          <span className="truncate">{column.title}</span>
        </span>
      )}
    </div>
  );
}

/** First direction, the other direction, then the order that the table has by itself. */
function nextSort<Row>(column: TableColumn<Row>, sorted: TableSort | undefined): TableSort | undefined {
  const first = column.descendingFirst ?? false;
  if (!sorted) return { key: column.key, descending: first };
  return sorted.descending === first ? { key: column.key, descending: !first } : undefined;
}
