import { keyOf, type Owner } from "../../owner/index.ts";
import { Bounded } from "../../platform/lru/index.ts";
import { latestMonth } from "../../platform/moment/index.ts";
import * as Snapshot from "../../snapshot/index.ts";
import { type Dataset, shapeOf } from "../dataset/index.ts";
import { address } from "./address.ts";

/** Months from `first` to `last` (`2026-11`), both inclusive, ascending. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = [];
  const [year = 0, month = 1] = first.split("-").map(Number);
  for (let index = 0; ; index += 1) {
    const name = new Date(Date.UTC(year, month - 1 + index, 1)).toISOString().slice(0, 7);
    if (name > last) return months;
    months.push(name);
  }
}

/** The months of a ledger that may hold what ESI still hands out: a month back lies in this one and the one before. */
export function recentMonths(count = 2): string[] {
  const now = new Date();
  return Array.from({ length: count }, (_, index) => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - (count - 1 - index), 1));
    return month.toISOString().slice(0, 7);
  });
}

/**
 * Names of all collections that may be stored of a dataset: a ledger has one for each month, from its first one on. Where
 * that is not known, one month more than the usual is looked through: thirty days before the first of March lie in January.
 */
export function collectionsOf({ name, storage, windowMonths = 2 }: Dataset, firstMonth?: string): string[] {
  if (storage === "snapshot") return [name];
  const recent = recentMonths(windowMonths + 1);
  const [first = ""] = [...recent, ...(firstMonth ? [firstMonth] : [])].sort();
  return monthsBetween(first, latestMonth()).map((month) => `${name}/${month}`);
}

/** Views of several months, joined in the order given. Kept as long as no month changes. */
const joined = new Bounded<string, { parts: readonly Snapshot.View[]; view: Snapshot.View }>(50);

/** The rows of these months of a ledger as one view, in order of month and key. */
export async function readLedger(owner: Owner, dataset: Dataset, months: string[]): Promise<Snapshot.View> {
  const shape = shapeOf(dataset);
  const views = await Promise.all(months.map((month) => Snapshot.read(address(owner, dataset, month), shape)));
  const name = `${keyOf(owner)}/${dataset.name}`;
  const known = joined.get(name);
  // By identity: versions are counted anew when an owner is added again.
  if (known?.parts.length === views.length && known.parts.every((part, index) => part === views[index]))
    return known.view;
  const columns = Object.fromEntries(
    shape.columns.map((column) => [column, views.flatMap((view) => view.columns[column] ?? [])]),
  );
  const version = views.reduce((sum, view) => sum + view.version, 0);
  const length = views.reduce((sum, view) => sum + view.length, 0);
  const view = Snapshot.View.ofColumns(shape, version, columns, length);
  joined.set(name, { parts: views, view });
  return view;
}
