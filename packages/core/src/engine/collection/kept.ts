import type { Owner } from "../../owner/index.ts";
import type { Dataset } from "../dataset/index.ts";
import * as State from "../state/index.ts";
import { monthsBetween } from "./ledger.ts";

/** EVE Online began in this month: no row is older. */
const firstOfAll = "2003-05";

const monthOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 7);

/**
 * The months of a ledger that a period (epoch ms, both optional) touches and that may hold rows, ascending. Whatever is
 * asked for, no more months are read than are kept.
 */
export async function keptMonths(
  owner: Owner,
  { name }: Dataset,
  { from, to }: { from?: number | undefined; to?: number | undefined },
): Promise<string[]> {
  const now = Date.now();
  const state = await State.find(owner, name);
  const known = state?.firstMonth ?? monthOf(now);
  const kept = known < firstOfAll ? firstOfAll : known;
  const begin = Date.parse(`${kept}-01T00:00:00Z`);
  const first = Math.max(from ?? begin, begin);
  const last = Math.min(to ?? now, now);
  return first > last ? [] : monthsBetween(monthOf(first), monthOf(last));
}
