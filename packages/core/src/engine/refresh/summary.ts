import type { Dataset } from "../dataset/index.ts";
import type { State } from "../state/index.ts";
import type { Ingested, Months, Summary, WrittenMonth } from "./ingest.ts";

/** What a refresh changed, and how far the ledger is now: the next refresh compares with it. */
export interface LedgerProgress {
  summary: Summary;
  version: number;
  firstMonth?: string;
  months?: Months;
}

/** ESI hands out no older months again, two where a dataset does not say how many. */
const keptMonths = ({ windowMonths = 2 }: Dataset): number => windowMonths + 1;

/**
 * A worker may die between writing a month and saving its state. The month's version then differs from the one in the
 * state, and what that worker added is counted now. Of a month older than those in the state only what this refresh has
 * added is new.
 */
function summariseLedger(
  state: State,
  dataset: Dataset,
  { summary, months }: Ingested & { months: Readonly<Record<string, WrittenMonth>> },
): LedgerProgress {
  const before = (state.months ?? {}) as Months;
  const [oldest = ""] = Object.keys(before).sort();
  const addedTo = ([month, { version, rows, added }]: [string, WrittenMonth]): number => {
    if (month < oldest) return added;
    return before[month]?.version === version ? 0 : rows - (before[month]?.rows ?? 0);
  };
  const written = Object.entries(months);
  const added = written.reduce((sum, each) => sum + addedTo(each), 0);
  const isNews = written.some(([month, each]) => month >= oldest && before[month]?.version !== each.version);
  const known = [
    ...Object.entries(before),
    ...written.map(([month, { version, rows }]) => [month, { version, rows }] as const),
  ];
  const last = [...new Map(known)].sort(([a], [b]) => a.localeCompare(b)).slice(-keptMonths(dataset));
  const [firstMonth] = [state.firstMonth, ...Object.keys(months)].filter((month) => month !== undefined).sort();
  return {
    summary: { ...summary, added, total: state.rows + added },
    version: state.version + (isNews || added > 0 || summary.changed > 0 || state.version === 0 ? 1 : 0),
    months: Object.fromEntries(last),
    ...(firstMonth ? { firstMonth } : {}),
  };
}

/** Sums up what was written: a snapshot by its own version, a ledger by the versions of its months. */
export function summarise(state: State, dataset: Dataset, ingested: Ingested): LedgerProgress {
  const { months, summary, version } = ingested;
  if (months) return summariseLedger(state, dataset, { ...ingested, months });
  return { summary, version: version ?? Math.max(1, state.version) };
}
