import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { parseTableSearch, type TableSearch } from "./table-search.ts";

/** The table's part of the address, and a way to change it that leaves the other parts alone. */
export function useTableSearch(): [TableSearch, (next: TableSearch) => void] {
  const search = useSearch({ strict: false, select: parseTableSearch, structuralSharing: true });
  const navigate = useNavigate();
  const set = useCallback(
    (next: TableSearch) => {
      void navigate({
        to: ".",
        replace: true,
        resetScroll: false,
        search: (before: Record<string, unknown>) => {
          const { q, sort, from, to, at, f, ...others } = before;
          return { ...others, ...next };
        },
      });
    },
    [navigate],
  );
  return [search, set];
}
