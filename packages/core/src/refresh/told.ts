import type { Dataset } from "../dataset/index.ts";
import type { Ingested, Months, Summary } from "./ingest.ts";
import type { State } from "./state.ts";

/** What a refresh is told to have changed, and what is kept to tell the next one apart from it. */
export interface Told {
  summary: Summary;
  version: number;
  firstMonth?: string;
  months?: Months;
}

/** ESI hands out no older months again, two where a dataset does not say how many. */
const keptMonths = ({ windowMonths = 2 }: Dataset): number => windowMonths + 1;

/**
 * A month that was written by a worker who died before telling is one whose version is not the one last told: what that
 * worker added is told now.
 */
function ledger(state: State, dataset: Dataset, { summary, months }: Ingested & { months: Months }): Told {
  const before = (state.months ?? {}) as Months;
  const news = Object.entries(months).filter(([month, { version }]) => before[month]?.version !== version);
  const added = news.reduce((sum, [month, { rows }]) => sum + rows - (before[month]?.rows ?? 0), 0);
  const known = Object.entries({ ...before, ...months }).sort(([a], [b]) => a.localeCompare(b));
  const [firstMonth] = [state.firstMonth, ...Object.keys(months)].filter((month) => month !== undefined).sort();
  return {
    summary: { ...summary, added, total: state.rows + added },
    version: state.version + (news.length > 0 || state.version === 0 ? 1 : 0),
    months: Object.fromEntries(known.slice(-keptMonths(dataset))),
    ...(firstMonth ? { firstMonth } : {}),
  };
}

/** What is to be told of what was written: of a snapshot by its own version, of a ledger by those of its months. */
export function tell(state: State, dataset: Dataset, ingested: Ingested): Told {
  const { months, summary, version } = ingested;
  if (months) return ledger(state, dataset, { ...ingested, months });
  return { summary, version: version ?? Math.max(1, state.version) };
}
