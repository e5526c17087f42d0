import { useQuery } from "@tanstack/react-query";
import type { Freshness } from "../api/contract.ts";
import { freshnessQuery } from "./query.ts";

const none: Freshness[] = [];

/**
 * The states of a corporation's datasets beside a page's own data: a page does without while they are slow or do not load,
 * which the freshness board itself tells.
 */
export function useBoard(corporationId: number): Freshness[] {
  return useQuery(freshnessQuery(corporationId)).data ?? none;
}
