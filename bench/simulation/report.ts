import type { Outcome } from "./index.ts";
import { type Tier, tiers } from "./population.ts";

type Cell = string | number;

const seconds = (value: number) => Math.round(value);
const rounded = (value: number) => Math.round(value * 10) / 10;
const percent = (part: number) => `${rounded(100 * part)} %`;

function asTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const countOf = ({ corporations }: Outcome, tier: Tier) => corporations.filter((each) => each.tier === tier).length;

/** Refreshes of a corporation in an hour. */
export const refreshesOf = (outcome: Outcome, tier: Tier): number =>
  outcome.measures.refreshes[tier] / outcome.hours / Math.max(1, countOf(outcome, tier));

/** What part of all messages was a tier's. */
export const shareOf = ({ measures }: Outcome, tier: Tier): number =>
  measures.messages[tier] / tiers.reduce((sum, each) => sum + measures.messages[each], 0);

const tierTable = (outcome: Outcome): string =>
  asTable(
    [
      "tier",
      "corporations",
      "refreshes each an hour",
      "late by, median",
      "95 %",
      "99 %",
      "longest",
      "most overdue at the end",
      "share of messages",
    ],
    tiers.map((tier) => {
      const lags = outcome.measures.lags[tier];
      return [
        tier,
        countOf(outcome, tier),
        rounded(refreshesOf(outcome, tier)),
        ...[0.5, 0.95, 0.99].map((part) => `${lags.percentile(part)} s`),
        `${seconds(lags.longestMs / 1000)} s`,
        `${seconds(outcome.overdueMs[tier] / 1000)} s`,
        percent(shareOf(outcome, tier)),
      ];
    }),
  );

const queueTable = ({ measures }: Outcome): string =>
  asTable(
    ["queue", "waiting after a round, mean", "most"],
    [...measures.depths].map(([queue, { mean, most }]) => [queue, Math.round(mean), most]),
  );

const groupTable = ({ esi, available }: Outcome): string =>
  asTable(
    ["rate-limit group", "tokens spent", "of all there were", "fullest bucket"],
    [...esi.spentByGroup]
      .sort()
      .map(([group, spent]) => [
        group,
        spent,
        percent(spent / (available.get(group) ?? 1)),
        percent(esi.fullest.get(group) ?? 0),
      ]),
  );

function counts({ measures, esi, corporations, hours }: Outcome): string {
  const { wakeUps, idleMessages, failures, limited, blocked, deferred } = measures;
  const wakes = rounded(wakeUps / corporations.length / hours);
  return [
    `Overdrafts: ${esi.overdrafts}. Looks at a corporation: ${wakes} an hour. Messages that found nothing to do: ${idleMessages}.`,
    `Failures: ${failures} (outages, downtime), ${blocked} for want of a director, ${limited} ended by a spent bucket; put off by the scheduler for one: ${deferred}.`,
  ].join("\n");
}

/** What came of a simulation, in Markdown. */
export const report = (outcome: Outcome): string =>
  [tierTable(outcome), counts(outcome), queueTable(outcome), groupTable(outcome)].join("\n\n");
