import { parseTableSearch, type TableSearch } from "../dataset/table-search.ts";

export interface WalletSearch extends TableSearch {
  division?: number;
  days?: number;
}

export const ranges = [7, 30, 90, 365];

export function parseWalletSearch(search: Record<string, unknown>): WalletSearch {
  const division = Number(search.division);
  const days = Number(search.days);
  return {
    ...parseTableSearch(search),
    ...(Number.isInteger(division) && division >= 1 && division <= 7 ? { division } : {}),
    ...(ranges.includes(days) ? { days } : {}),
  };
}
