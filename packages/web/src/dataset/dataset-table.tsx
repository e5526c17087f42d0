import { useInfiniteQuery } from "@tanstack/react-query";
import { Inbox, SearchX } from "lucide-react";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import type { Dataset, Freshness, Row } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { Failed } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Message } from "../ui/message.tsx";
import { useStored } from "../ui/stored.ts";
import { parseSort, printSort, type TableColumn } from "../ui/table/column.ts";
import { DataTable } from "../ui/table/data-table.tsx";
import { toTableColumn } from "./cells.tsx";
import { PastNote } from "./past-note.tsx";
import { rowsQuery } from "./query.ts";
import { RowDetail } from "./row-detail.tsx";
import type { TableSearch } from "./table-search.ts";
import { Toolbar } from "./toolbar.tsx";
import { useTableSearch } from "./use-table-search.ts";

interface DatasetTableProps {
  owner: Owner;
  dataset: Dataset;
  freshness?: Freshness | undefined;
  /** Columns in the order wanted, and how they differ from their declaration; those not named follow. */
  columns?: Record<string, Partial<TableColumn<Row>>>;
  /** Filters that the page itself sets, beside those in the address. */
  fixed?: TableSearch["f"];
  /** Beneath all columns of an opened row. */
  detail?: (row: Row) => ReactNode;
  className?: string;
}

export function DatasetTable({
  owner,
  dataset,
  freshness,
  columns: overrides,
  fixed,
  detail,
  className,
}: DatasetTableProps) {
  const [search, setSearch] = useTableSearch();
  const [visibility, setVisibility] = useStored<Record<string, boolean>>(`tapi.columns.${dataset.name}`, {});
  const [opened, setOpened] = useState<Row>();
  const effectiveSearch = useMemo<TableSearch>(
    () => (fixed ? { ...search, f: { ...search.f, ...fixed } } : search),
    [search, fixed],
  );
  const rows = useInfiniteQuery(rowsQuery(owner, dataset.name, effectiveSearch));
  const flat = useMemo(() => rows.data?.pages.flatMap((page) => page.data) ?? [], [rows.data]);
  const columns = useMemo(() => arrange(dataset, overrides), [dataset, overrides]);
  const meta = rows.data?.pages[0]?.meta;
  const { fetchNextPage, isFetchingNextPage } = rows;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const filtered =
    search.q !== undefined || search.f !== undefined || search.from !== undefined || search.to !== undefined;
  const sort = parseSort(search.sort ?? dataset.defaultSort);

  return (
    <div className={cx("flex min-h-0 flex-col", className)}>
      <Toolbar
        owner={owner}
        dataset={dataset}
        columns={columns}
        effectiveSearch={effectiveSearch}
        search={search}
        onSearch={setSearch}
        visibility={visibility}
        onVisibility={setVisibility}
        meta={meta}
        fetching={rows.isFetching}
      />
      {search.at === undefined ? null : (
        <PastNote owner={owner} dataset={dataset.name} at={search.at} onBack={() => setSearch(withoutMoment(search))} />
      )}
      {rows.isError && !rows.data ? (
        <Failed error={rows.error} onRetry={() => void rows.refetch()} />
      ) : (
        <DataTable
          label={dataset.title}
          columns={columns}
          rows={flat}
          visibility={visibility}
          sort={sort}
          onSort={(next) => setSearch({ ...withoutSort(search), ...(next ? { sort: printSort(next) ?? "" } : {}) })}
          loading={rows.isPending}
          outdated={rows.isPlaceholderData}
          hasMore={rows.hasNextPage}
          onMore={more}
          onOpen={setOpened}
          rowCount={meta?.matched}
          className="grow"
          empty={
            filtered ? (
              <NoMatch onClear={() => setSearch(withoutFilters(search))} />
            ) : (
              <NoRows owner={owner} freshness={freshness} />
            )
          }
        />
      )}
      <RowDetail dataset={dataset} row={opened} onClose={() => setOpened(undefined)}>
        {opened ? detail?.(opened) : null}
      </RowDetail>
    </div>
  );
}

function arrange(dataset: Dataset, overrides: DatasetTableProps["columns"] = {}): TableColumn<Row>[] {
  const order = Object.keys(overrides);
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return dataset.columns
    .map((column) => ({ ...toTableColumn(column), ...overrides[column.key] }))
    .sort((a, b) => place(a.key) - place(b.key));
}

function withoutSort({ sort: _, ...rest }: TableSearch): TableSearch {
  return rest;
}

function withoutFilters({ sort, at }: TableSearch): TableSearch {
  return { ...(sort ? { sort } : {}), ...(at ? { at } : {}) };
}

function withoutMoment({ at: _, ...rest }: TableSearch): TableSearch {
  return rest;
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <Message
      icon={SearchX}
      title="Nothing matches"
      actions={<Button onClick={onClear}>Clear search and filters</Button>}
    >
      No row fits all the conditions at once.
    </Message>
  );
}

function NoRows({ owner, freshness }: Pick<DatasetTableProps, "owner" | "freshness">) {
  if (freshness?.lastError) {
    return (
      <Message icon={Inbox} tone="failed" title="Nothing has arrived yet">
        {freshness.lastError.message}
      </Message>
    );
  }
  if (!freshness || freshness.version === 0) {
    return (
      <Message icon={Inbox} title="Nothing has arrived yet">
        The rows appear here by themselves as soon as the first import is through.
      </Message>
    );
  }
  return (
    <Message icon={Inbox} title="No rows">
      EVE has nothing in this list for the {owner.kind} at the moment.
    </Message>
  );
}
