import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { useState } from "react";
import type { Dataset, DatasetColumn } from "../api/contract.ts";
import { Button } from "../ui/button.tsx";
import { DateRange } from "../ui/date-range.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Popover } from "../ui/popover.tsx";
import { FacetList, facetLabel } from "./facet-list.tsx";
import { facetsQuery } from "./query.ts";
import { type TableSearch, withFilter } from "./table-search.ts";

/** Kinds whose values repeat often enough to choose one from a list. */
const filterable = new Set<DatasetColumn["kind"]>([
  "boolean",
  "enum",
  "type",
  "character",
  "location",
  "system",
  "division",
]);

interface FilterBarProps {
  corporationId: number;
  dataset: Dataset;
  search: TableSearch;
  onSearch: (next: TableSearch) => void;
}

export function FilterBar({ corporationId, dataset, search, onSearch }: FilterBarProps) {
  const [adding, setAdding] = useState<string>();
  const chosen = Object.entries(search.f ?? {});
  const columns = dataset.columns.filter((column) => filterable.has(column.kind));
  const rest = columns.filter((column) => search.f?.[column.key] === undefined);
  const pending = columns.find((column) => column.key === adding);
  // Ledgers only: the range is one of their dates of entry.
  const dated = dataset.columns.some((column) => column.key === "date" && column.kind === "date");
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {chosen.map(([key, value]) => {
        const column = dataset.columns.find((candidate) => candidate.key === key);
        if (!column) return null;
        return (
          <FilterChip
            key={key}
            corporationId={corporationId}
            dataset={dataset.name}
            column={column}
            value={value}
            onChange={(next) => onSearch(withFilter(search, key, next))}
          />
        );
      })}
      {pending ? (
        <FilterChip
          key={pending.key}
          corporationId={corporationId}
          dataset={dataset.name}
          column={pending}
          onClose={() => setAdding(undefined)}
          onChange={(next) => {
            setAdding(undefined);
            onSearch(withFilter(search, pending.key, next));
          }}
        />
      ) : null}
      {dated ? (
        <DateRange
          range={search}
          onChange={({ from, to }) => {
            const { from: _, to: __, ...rest } = search;
            onSearch({ ...rest, ...(from ? { from } : {}), ...(to ? { to } : {}) });
          }}
        />
      ) : null}
      {rest.length > 0 && !pending ? (
        <Menu
          trigger={
            <Button look="quiet" size="small" className="border border-line border-dashed">
              <ListFilter />
              Filter
            </Button>
          }
        >
          {rest.map((column) => (
            <MenuItem key={column.key} onSelect={() => setAdding(column.key)}>
              {column.title}
            </MenuItem>
          ))}
        </Menu>
      ) : null}
    </div>
  );
}

interface FilterChipProps {
  corporationId: number;
  dataset: string;
  column: DatasetColumn;
  value?: string;
  onChange: (value: string | undefined) => void;
  onClose?: () => void;
}

/** One condition; without a value yet, its list stands open. */
function FilterChip({ corporationId, dataset, column, value, onChange, onClose }: FilterChipProps) {
  const [open, setOpen] = useState(value === undefined);
  const facets = useQuery(facetsQuery(corporationId, dataset, column.key));
  const chosen = facets.data?.find((facet) => String(facet.value) === value);
  const label = value === undefined ? "…" : chosen ? facetLabel(column, chosen) : value;
  return (
    <span className="inline-flex h-7 items-center rounded-md bg-accent-dim/60 text-accent-strong text-xs">
      <Popover
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next && value === undefined) onClose?.();
        }}
        trigger={
          <button
            type="button"
            className="flex h-full max-w-64 items-center gap-1.5 rounded-l-md pr-1 pl-2.5 hover:text-ink"
          >
            <span className="text-muted">{column.title}</span>
            <span className="truncate">{label}</span>
          </button>
        }
      >
        <FacetList
          column={column}
          facets={facets.data}
          error={facets.error}
          value={value}
          onChoose={(next) => {
            setOpen(false);
            onChange(next);
          }}
        />
      </Popover>
      <button
        type="button"
        aria-label={`Lift the filter on ${column.title}`}
        onClick={() => (value === undefined ? onClose?.() : onChange(undefined))}
        className="grid h-full w-6 place-items-center rounded-r-md hover:text-ink"
      >
        <X className="size-3" />
      </button>
    </span>
  );
}
