import { Columns3, Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Dataset, Row, RowsMeta } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { Dot } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { useDebounced } from "../ui/debounced.ts";
import { DownloadButton } from "../ui/download-button.tsx";
import { formatCount, formatNumber } from "../ui/format.ts";
import { Kbd } from "../ui/kbd.tsx";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import type { TableColumn } from "../ui/table/column.ts";
import { FilterBar } from "./filter-bar.tsx";
import { MomentMenu } from "./moment-menu.tsx";
import { csvUrl } from "./query.ts";
import type { TableSearch } from "./table-search.ts";
import { ViewMenu } from "./view-menu.tsx";

interface ToolbarProps {
  owner: Owner;
  dataset: Dataset;
  columns: TableColumn<Row>[];
  /** The address's conditions together with the page's own: what the CSV must hold. */
  effectiveSearch: TableSearch;
  search: TableSearch;
  onSearch: (next: TableSearch) => void;
  visibility: Record<string, boolean>;
  onVisibility: (next: Record<string, boolean>) => void;
  meta: RowsMeta | undefined;
  fetching: boolean;
}

export function Toolbar(props: ToolbarProps) {
  const { owner, dataset, columns, effectiveSearch, search, onSearch, visibility, onVisibility, meta } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5 border-line border-b px-2.5 py-2">
      <SearchBox
        value={search.q ?? ""}
        onChange={(q) => onSearch(q === "" ? withoutQuery(search) : { ...search, q })}
        label={`Search ${dataset.title.toLowerCase()}`}
      />
      <div className="max-sm:order-2">
        <FilterBar
          owner={owner}
          dataset={dataset}
          effectiveSearch={effectiveSearch}
          search={search}
          onSearch={onSearch}
        />
      </div>
      {/* On a phone the buttons stand beside the search, and the count in the line of the filters. */}
      <div className="ml-auto flex items-center gap-2 max-sm:contents">
        <div className="ml-auto max-sm:order-3">
          <Counts meta={meta} fetching={props.fetching} />
        </div>
        <div className="flex items-center max-sm:order-1">
          <ViewMenu
            dataset={dataset.name}
            search={search}
            onSearch={onSearch}
            visibility={visibility}
            onVisibility={onVisibility}
          />
          <ColumnMenu columns={columns} visibility={visibility} onVisibility={onVisibility} />
          <MomentMenu at={search.at} onChoose={(at) => onSearch({ ...search, at })} />
          <DownloadButton address={csvUrl(owner, dataset.name, effectiveSearch)} name={`${dataset.name}.csv`} />
        </div>
      </div>
    </div>
  );
}

function withoutQuery({ q: _, ...rest }: TableSearch): TableSearch {
  return rest;
}

function Counts({ meta, fetching }: { meta: RowsMeta | undefined; fetching: boolean }) {
  if (!meta) return null;
  return (
    <p className="nums text-muted text-xs" aria-live="polite">
      {fetching ? <Dot tone="accent" pulse className="mr-1.5 align-middle" /> : null}
      <span className="text-soft" data-testid="rows-matched" data-value={meta.matched}>
        {formatNumber(meta.matched)}
      </span>
      {meta.matched === meta.total ? (meta.total === 1 ? " row" : " rows") : ` of ${formatCount(meta.total, "row")}`}
    </p>
  );
}

function SearchBox({ value, onChange, label }: { value: string; onChange: (value: string) => void; label: string }) {
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const emit = useDebounced(onChange, 180);
  // The address changes from outside too: a saved view, the back button.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(value);
  }, [value]);
  const change = (next: string) => {
    setText(next);
    emit(next);
  };
  return (
    <label className="flex h-8 w-60 items-center gap-2 rounded-md border border-line bg-void/60 px-2.5 focus-within:border-accent/70 max-sm:w-[calc(100%-8.25rem)]">
      <Search className="size-3.5 shrink-0 text-faint" aria-hidden />
      <input
        ref={input}
        data-search
        type="text"
        inputMode="search"
        value={text}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") text ? change("") : event.currentTarget.blur();
        }}
        aria-label={label}
        placeholder="Search"
        className="min-w-0 grow bg-transparent text-ink outline-none"
      />
      {text ? (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => change("")}
          className="text-faint hover:text-ink"
        >
          <X className="size-3.5" />
        </button>
      ) : (
        <span className="max-sm:hidden">
          <Kbd>/</Kbd>
        </span>
      )}
    </label>
  );
}

interface ColumnMenuProps {
  columns: TableColumn<Row>[];
  visibility: Record<string, boolean>;
  onVisibility: (next: Record<string, boolean>) => void;
}

function ColumnMenu({ columns, visibility, onVisibility }: ColumnMenuProps) {
  const isShown = (column: TableColumn<Row>) => visibility[column.key] ?? !column.hidden;
  const last = columns.filter(isShown).length === 1;
  return (
    <Menu
      align="end"
      trigger={
        <Button look="quiet" size="small">
          <Columns3 />
          <span className="max-sm:sr-only">Columns</span>
        </Button>
      }
    >
      {columns.map((column) => (
        <MenuCheck
          key={column.key}
          checked={isShown(column)}
          disabled={last && isShown(column)}
          onCheckedChange={(checked) => onVisibility({ ...visibility, [column.key]: checked })}
        >
          {column.title}
        </MenuCheck>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => onVisibility({})}>Back to the usual columns</MenuItem>
    </Menu>
  );
}
