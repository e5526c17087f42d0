import { useQuery } from "@tanstack/react-query";
import { ListFilter, X } from "lucide-react";
import { useRef, useState } from "react";
import type { Dataset, DatasetColumn } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { Button } from "../ui/button.tsx";
import { DateRange } from "../ui/date-range.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { Popover } from "../ui/popover.tsx";
import { FacetList, facetLabel, filterValue } from "./facet-list.tsx";
import { facetsQuery } from "./query.ts";
import { type FilterValue, type TableSearch, toggleValue, withFilter } from "./table-search.ts";

/** Kinds whose values repeat often enough to choose one from a list. */
const filterable = new Set<DatasetColumn["kind"]>([
  "boolean",
  "enum",
  "type",
  "character",
  "party",
  "location",
  "system",
  "division",
  "hangar",
]);

interface FilterBarProps {
  owner: Owner;
  dataset: Dataset;
  /** The address's conditions together with the page's own. */
  effectiveSearch: TableSearch;
  search: TableSearch;
  onSearch: (next: TableSearch) => void;
}

export function FilterBar({ owner, dataset, effectiveSearch, search, onSearch }: FilterBarProps) {
  const [adding, setAdding] = useState<string>();
  const button = useRef<HTMLButtonElement>(null);
  const columns = dataset.columns.filter((column) => filterable.has(column.kind));
  // The filter being added stays one element from its first value on, so that its list stays open for a second.
  const keys = [...new Set([...Object.keys(search.f ?? {}), ...(adding ? [adding] : [])])];
  const chips = keys.flatMap((key) => dataset.columns.find((column) => column.key === key) ?? []);
  const rest = columns.filter((column) => !keys.includes(column.key));
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {chips.map((column) => (
        <FilterChip
          key={column.key}
          owner={owner}
          dataset={dataset.name}
          effectiveSearch={effectiveSearch}
          column={column}
          values={search.f?.[column.key]}
          onChange={(next) => onSearch(withFilter(search, column.key, next))}
          onClose={() => setAdding(undefined)}
          onLift={() => {
            setAdding(undefined);
            onSearch(withFilter(search, column.key, undefined));
            button.current?.focus();
          }}
        />
      ))}
      {dataset.dateColumn ? (
        <DateRange
          range={search}
          otherwise="Last 30 days"
          onChange={({ from, to }) => {
            const { from: _, to: __, ...others } = search;
            onSearch({ ...others, ...(from ? { from } : {}), ...(to ? { to } : {}) });
          }}
        />
      ) : null}
      {rest.length > 0 ? (
        <Menu
          trigger={
            <Button ref={button} look="quiet" size="small" className="border border-line border-dashed">
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
  owner: Owner;
  dataset: string;
  column: DatasetColumn;
  values: FilterValue[] | undefined;
  effectiveSearch: TableSearch;
  onChange: (values: FilterValue[] | undefined) => void;
  onClose: () => void;
  onLift: () => void;
}

/** One condition; without a value yet, its list stands open. */
function FilterChip({ owner, dataset, effectiveSearch, column, values, onChange, onClose, onLift }: FilterChipProps) {
  const [open, setOpen] = useState(values === undefined);
  const facets = useQuery(facetsQuery(owner, dataset, column.key, effectiveSearch));
  const [first, ...more] = values ?? [];
  const named = facets.data?.find((facet) => filterValue(facet) === first);
  const label = first === undefined ? "…" : named ? facetLabel(column, named) : (first ?? "No value");
  return (
    <span className="inline-flex h-7 items-center rounded-md bg-accent-dim/60 text-accent-strong text-xs">
      <Popover
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) onClose();
        }}
        trigger={
          <button
            type="button"
            className="flex h-full max-w-64 items-center gap-1.5 rounded-l-md pr-1 pl-2.5 hover:text-ink"
          >
            <span className="text-muted">{column.title}</span>
            <span className="truncate">{label}</span>
            {more.length > 0 ? <span className="nums">+{more.length}</span> : null}
          </button>
        }
      >
        <FacetList
          column={column}
          facets={facets.data}
          error={facets.error}
          chosen={values ?? []}
          onToggle={(next) => onChange(toggleValue(values, next))}
        />
      </Popover>
      <button
        type="button"
        aria-label={`Lift the filter on ${column.title}`}
        onClick={onLift}
        className="grid h-full w-6 place-items-center rounded-r-md hover:text-ink"
      >
        <X className="size-3" />
      </button>
    </span>
  );
}
