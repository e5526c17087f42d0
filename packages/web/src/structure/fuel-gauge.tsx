import { useNow } from "../api/clock.ts";
import { Bar } from "../ui/bar.tsx";
import { formatDateTime } from "../ui/format.ts";
import { TimeLeft } from "../ui/time-left.tsx";
import { FUEL_FULL_MS, fuelTone } from "./fuel.ts";

/** Fuel as time left, in words and as a share of a month. */
export function FuelGauge({ until, about = false }: { until: number | undefined; about?: boolean }) {
  const now = useNow(60_000);
  if (until === undefined) return <span className="text-faint text-xs">No fuel, no services</span>;
  const left = until - now;
  return (
    <div className="min-w-0">
      <div className="flex items-baseline justify-between gap-2 text-xs">
        <span className="font-medium">
          {about ? "about " : ""}
          <TimeLeft until={until} tone={fuelTone} over="out of fuel" />
        </span>
        <span className="nums text-2xs text-faint">{formatDateTime(until)}</span>
      </div>
      <Bar share={left / FUEL_FULL_MS} tone={fuelTone(left)} label="Fuel left of a month" className="mt-1" />
    </div>
  );
}
