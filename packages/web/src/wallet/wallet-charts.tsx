import { useMemo } from "react";
import type { WalletSummary } from "../api/contract.ts";
import { formatCompact } from "../ui/format.ts";
import { TimeChart } from "../ui/time-chart.tsx";
import { divisionLabel } from "./division-list.tsx";
import { balanceSeries, flowSeries } from "./series.ts";

interface WalletChartsProps {
  summary: WalletSummary;
  division: number | undefined;
  days: number;
}

export function WalletCharts({ summary, division, days }: WalletChartsProps) {
  const balances = useMemo(() => {
    const wanted = summary.divisions
      .filter((one) => division === undefined || one.division === division)
      .map((one) => ({ division: one.division, label: divisionLabel(one) }));
    return balanceSeries(summary, wanted);
  }, [summary, division]);
  const flows = useMemo(() => flowSeries(summary, division), [summary, division]);
  if (balances.times.length === 0) {
    return <p className="px-3.5 py-3 text-muted">The history appears here once the journal has arrived.</p>;
  }
  const net = flows.income - flows.expense;
  return (
    <div className="flex flex-col gap-1 p-2.5">
      <TimeChart
        label={`Balance over the last ${days} days`}
        times={balances.times}
        series={balances.series}
        height={190}
        format={formatCompact}
      />
      <p className="nums flex flex-wrap gap-x-4 px-1.5 pt-1 text-muted text-xs">
        <span>
          In <span className="text-fresh">{formatCompact(flows.income)}</span>
        </span>
        <span>
          Out <span className="text-failed">{formatCompact(flows.expense)}</span>
        </span>
        <span>
          Net{" "}
          <span className="text-ink">
            {net < 0 ? "\u2212" : "+"}
            {formatCompact(Math.abs(net))}
          </span>
        </span>
      </p>
      <TimeChart
        label={`Income and expense over the last ${days} days`}
        times={flows.times}
        series={flows.series}
        height={110}
        format={formatCompact}
      />
    </div>
  );
}
