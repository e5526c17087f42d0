import { sumOf } from "@tapi/core/platform/decimal";
import type { WalletSummary } from "../api/contract.ts";
import type { ChartSeries } from "../ui/time-chart-canvas.tsx";

/** One colour for each division, the same in the list and in the chart: equal lightness, so that none shouts. */
const divisionColours = [
  "oklch(0.795 0.115 235)",
  "oklch(0.79 0.13 165)",
  "oklch(0.82 0.13 85)",
  "oklch(0.76 0.13 310)",
  "oklch(0.76 0.13 45)",
  "oklch(0.76 0.13 350)",
  "oklch(0.8 0.12 125)",
];

export const colourOf = (division: number) =>
  divisionColours[(division - 1) % divisionColours.length] ?? "oklch(0.8 0 0)";

const secondsOf = (date: string) => Date.parse(date) / 1000;

interface TimeSeries {
  times: number[];
  series: ChartSeries[];
}

/** A line for each division wanted; a day without a figure keeps the one before. */
export function balanceSeries(summary: WalletSummary, divisions: { division: number; label: string }[]): TimeSeries {
  const dates = [...new Set(summary.series.map((point) => point.date))].sort();
  const balances = new Map(summary.series.map((point) => [`${point.division} ${point.date}`, point.balance]));
  const series = divisions.map(({ division, label }): ChartSeries => {
    let last: number | null = null;
    const values = dates.map((date) => {
      last = balances.get(`${division} ${date}`) ?? last;
      return last;
    });
    return { label, colour: colourOf(division), values, shape: divisions.length === 1 ? "area" : "line" };
  });
  return { times: dates.map(secondsOf), series };
}

/** Added up exactly, and only then rounded to what a chart draws. */
const total = (flows: WalletSummary["flows"], which: "income" | "expense"): number =>
  Number(sumOf(flows.map((flow) => flow[which])));

/** What came in, above zero, and what went out, below, day by day over the divisions wanted. */
export function flowSeries(
  summary: WalletSummary,
  division: number | undefined,
): TimeSeries & { income: number; expense: number } {
  const flows = summary.flows.filter((flow) => division === undefined || flow.division === division);
  const days = new Map<string, { income: number; expense: number }>();
  for (const { date } of flows) {
    const ofDay = flows.filter((flow) => flow.date === date);
    days.set(date, { income: total(ofDay, "income"), expense: total(ofDay, "expense") });
  }
  const sorted = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    times: sorted.map(([date]) => secondsOf(date)),
    series: [
      { label: "In", colour: "oklch(0.72 0.12 160)", values: sorted.map(([, day]) => day.income), shape: "bars" },
      { label: "Out", colour: "oklch(0.62 0.13 22)", values: sorted.map(([, day]) => -day.expense), shape: "bars" },
    ],
    income: total(flows, "income"),
    expense: total(flows, "expense"),
  };
}
