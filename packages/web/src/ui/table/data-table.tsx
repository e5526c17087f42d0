import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { cx } from "../cx.ts";
import { useIsPhone } from "../media.ts";
import { SkeletonRows } from "../skeleton.tsx";
import type { TableColumn, TableSort } from "./column.ts";
import { HeaderRow } from "./header-row.tsx";
import { CardRow, GridRow } from "./row.tsx";

const ROW_HEIGHT = 34;
const CARD_HEIGHT = 62;
/** How many rows before the end the next page is asked for: about two screens. */
const PREFETCH_ROWS = 60;

interface DataTableProps<Row extends object> {
  /** Said to screen readers. */
  label: string;
  columns: TableColumn<Row>[];
  rows: Row[];
  visibility?: Record<string, boolean>;
  sort?: TableSort | undefined;
  onSort?: (sort: TableSort | undefined) => void;
  loading?: boolean;
  /** The rows belong to the previous search. */
  outdated?: boolean;
  hasMore?: boolean;
  onMore?: () => void;
  onOpen?: (row: Row) => void;
  /** Rows that the server has for this search, loaded or not. */
  rowCount?: number | undefined;
  empty: ReactNode;
  className?: string;
}

/** A grid of any length: draws the rows in sight, asks for more near the end, walks with the arrow keys. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { columns, rows, visibility, sort, onSort, onOpen, hasMore, onMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const phone = useIsPhone();
  const id = useId();
  const [active, setActive] = useState(-1);

  const shown = useMemo(
    () => columns.filter(({ key, hidden = false }) => visibility?.[key] ?? !hidden),
    [columns, visibility],
  );

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (phone ? CARD_HEIGHT : ROW_HEIGHT),
    overscan: 12,
    scrollPaddingStart: phone ? 0 : ROW_HEIGHT,
  });
  // Cards are taller than rows: what was measured for the one is wrong for the other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the layout changes, not when the virtualizer does
  useEffect(() => virtual.measure(), [phone]);

  const items = virtual.getVirtualItems();
  const lastDrawn = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastDrawn >= rows.length - PREFETCH_ROWS) onMore?.();
  }, [hasMore, lastDrawn, rows.length, onMore]);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || rows.length === 0) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    const row = rows[active];
    if (to !== undefined) move(to);
    else if (event.key === "Enter" && row && onOpen) onOpen(row);
    else return;
    event.preventDefault();
  };

  const template = shown.map((column) => `minmax(${column.width}px, ${column.grow ?? 1}fr)`).join(" ");
  const minWidth = shown.reduce((sum, column) => sum + column.width, 0);
  const blank = !props.loading && rows.length === 0;
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={props.rowCount ?? rows.length}
      aria-colcount={shown.length}
      aria-busy={props.loading || props.outdated}
      aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      className={cx(
        "scroll-quiet relative min-h-0 overflow-auto -outline-offset-1 focus-visible:outline-1",
        props.className,
      )}
    >
      {phone ? null : (
        <HeaderRow
          columns={shown}
          template={template}
          minWidth={minWidth}
          sort={sort}
          {...(onSort ? { onSort } : {})}
        />
      )}
      {props.loading ? <SkeletonRows rows={12} /> : null}
      {blank ? <div className="sticky left-0">{props.empty}</div> : null}
      <div
        role="presentation"
        style={{ height: virtual.getTotalSize(), minWidth: phone ? undefined : minWidth }}
        className={cx("relative transition-opacity", props.outdated && "opacity-55")}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const RowView = phone ? CardRow : GridRow;
          return (
            <RowView
              key={item.key}
              id={`${id}-${item.index}`}
              index={item.index}
              start={item.start}
              height={item.size}
              columns={shown as TableColumn<object>[]}
              row={row}
              template={template}
              active={item.index === active}
              onSelect={() => {
                setActive(item.index);
                onOpen?.(row);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}
