import { fold } from "@tapi/core/platform/fold";
import { Check } from "lucide-react";
import { useState } from "react";
import type { DatasetColumn, Facet } from "../api/contract.ts";
import { Failed } from "../ui/boundary.tsx";
import { cx } from "../ui/cx.ts";
import { formatNumber } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton.tsx";
import type { FilterValue } from "./table-search.ts";
import { enumLabel, hangarLabel, walletLabel } from "./value-label.ts";

/** Longer lists are narrowed by typing. */
const MOST_SHOWN = 100;

/** A facet's value as a filter takes it. */
export function filterValue({ value }: Facet): FilterValue {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function facetLabel(column: Pick<DatasetColumn, "kind">, facet: Facet): string {
  if (facet.name) return facet.name;
  if (facet.value === null) return "No value";
  if (facet.value === "") return "Empty text";
  if (typeof facet.value === "boolean") return facet.value ? "Yes" : "No";
  if (column.kind === "division") return walletLabel(Number(facet.value));
  if (column.kind === "hangar") return hangarLabel(Number(facet.value));
  return column.kind === "enum" ? enumLabel(String(facet.value)) : String(facet.value);
}

interface FacetListProps {
  column: DatasetColumn;
  facets: Facet[] | undefined;
  error?: unknown;
  chosen: readonly FilterValue[];
  onToggle: (value: FilterValue) => void;
  /** Takes the height of its frame. */
  tall?: boolean;
}

/** The values that a column has, with how many rows have each. */
export function FacetList({ column, facets, error, chosen, onToggle, tall }: FacetListProps) {
  const [text, setText] = useState("");
  if (error && !facets) return <Failed error={error} />;
  if (!facets) return <SkeletonRows rows={5} />;
  const wanted = fold(text);
  const matching = facets.filter((facet) => fold(facetLabel(column, facet)).includes(wanted));
  return (
    <div className={cx("flex flex-col", tall && "min-h-0 grow")}>
      {facets.length > 8 ? (
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={`Search ${column.title}`}
          placeholder={`Search ${formatNumber(facets.length)} values`}
          className="w-full border-line border-b bg-transparent px-3 py-2.5 text-ink outline-none"
        />
      ) : null}
      <ul className={cx("scroll-quiet overflow-y-auto p-1", tall ? "min-h-0 grow" : "max-h-72")}>
        {matching.slice(0, MOST_SHOWN).map((facet) => (
          <li key={JSON.stringify(facet.value)}>
            <button
              type="button"
              aria-pressed={chosen.includes(filterValue(facet))}
              onClick={() => onToggle(filterValue(facet))}
              className={cx(
                "flex w-full items-center gap-2 rounded-[5px] px-2 py-1.5 text-left text-soft outline-offset-[-2px] hover:bg-hover hover:text-ink",
                chosen.includes(filterValue(facet)) && "text-accent",
              )}
            >
              <span className="min-w-0 grow truncate">{facetLabel(column, facet)}</span>
              {chosen.includes(filterValue(facet)) ? <Check className="size-3.5 shrink-0" aria-hidden /> : null}
              <span className="nums shrink-0 text-faint text-xs">{formatNumber(facet.count)}</span>
            </button>
          </li>
        ))}
        {matching.length === 0 ? <li className="px-2 py-3 text-muted">No value matches.</li> : null}
        {matching.length > MOST_SHOWN ? (
          <li className="px-2 py-1.5 text-faint text-xs">
            {formatNumber(matching.length - MOST_SHOWN)} more: type to narrow the list.
          </li>
        ) : null}
      </ul>
    </div>
  );
}
