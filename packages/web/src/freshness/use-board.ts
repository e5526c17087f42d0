import { useQuery } from "@tanstack/react-query";
import type { Freshness } from "../api/contract.ts";
import type { Owner } from "../api/owner.ts";
import { freshnessQuery } from "./query.ts";

const none: Freshness[] = [];

/**
 * The freshness of an owner's datasets, for pages that can do without it: empty while it loads or when it fails, which the
 * freshness board itself reports.
 */
export function useBoard(owner: Owner): Freshness[] {
  return useQuery(freshnessQuery(owner)).data ?? none;
}
