import { CalendarRange, X } from "lucide-react";
import { serverNow } from "../api/clock.ts";
import { Button } from "./button.tsx";
import { cx } from "./cx.ts";
import { formatDate, formatDateTime } from "./format.ts";
import { Popover } from "./popover.tsx";

export interface Range {
  /** Days in UTC, `2026-11-20`, both included; an address may also name moments. */
  from?: string;
  to?: string;
}

const presets = [
  { label: "Today", days: 0 },
  { label: "Last 7 days", days: 7 },
  { label: "Last 30 days", days: 30 },
  { label: "Last 90 days", days: 90 },
];

const DAY_MS = 86_400_000;
const field =
  "nums mt-1 block h-8 w-full rounded-md border border-line bg-void/60 px-2 text-soft outline-none focus:border-accent/70";

interface DateRangeProps {
  range: Range;
  /** What is shown while no range is chosen. */
  otherwise: string;
  onChange: (range: Range) => void;
}

export function DateRange({ range, otherwise, onChange }: DateRangeProps) {
  const chosen = range.from !== undefined || range.to !== undefined;
  const label = chosen ? `${dots(range.from) ?? "…"} – ${dots(range.to) ?? "now"}` : otherwise;
  const set = (key: keyof Range, value: string) => {
    const { [key]: _, ...rest } = range;
    onChange(value ? { ...rest, [key]: value } : rest);
  };
  return (
    <span className={cx("inline-flex h-7 items-center rounded-md text-xs", chosen && "bg-accent-dim/60")}>
      <Popover
        className="w-64 p-2.5"
        trigger={
          <Button
            look="quiet"
            size="small"
            className={chosen ? "nums pr-1 text-accent-strong" : "border border-line border-dashed"}
          >
            <CalendarRange />
            {label}
          </Button>
        }
      >
        <div className="grid grid-cols-2 gap-1.5">
          {presets.map((preset) => (
            <Button
              key={preset.label}
              size="small"
              onClick={() => onChange({ from: day(serverNow() - preset.days * DAY_MS) })}
            >
              {preset.label}
            </Button>
          ))}
        </div>
        <label className="mt-2.5 block text-muted text-xs">
          From
          <input
            type="date"
            value={range.from?.slice(0, 10) ?? ""}
            onChange={(event) => set("from", event.target.value)}
            className={field}
          />
        </label>
        <label className="mt-2 block text-muted text-xs">
          Up to and with
          <input
            type="date"
            value={range.to?.slice(0, 10) ?? ""}
            onChange={(event) => set("to", event.target.value)}
            className={field}
          />
        </label>
      </Popover>
      {chosen ? (
        <button
          type="button"
          aria-label="Lift the filter on dates"
          onClick={() => onChange({})}
          className="grid h-full w-6 place-items-center rounded-r-md text-accent-strong hover:text-ink"
        >
          <X className="size-3" />
        </button>
      ) : null}
    </span>
  );
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
/** A day, or a moment with its time, as the game writes it. */
const dots = (value: string | undefined) =>
  value === undefined ? undefined : value.length > 10 ? formatDateTime(value) : formatDate(value);
