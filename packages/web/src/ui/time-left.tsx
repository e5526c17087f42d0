import { useNow } from "../api/clock.ts";
import type { Tone } from "./badge.tsx";
import { cx } from "./cx.ts";
import { formatDateTime, formatDuration } from "./format.ts";

interface TimeLeftProps {
  /** Epoch milliseconds. */
  until: number;
  tone?: (leftMs: number) => Tone;
  /** What is said once the moment has passed. */
  over?: string;
  className?: string;
}

const inks: Record<Tone, string> = {
  neutral: "",
  accent: "text-accent",
  fresh: "text-fresh",
  stale: "text-stale",
  failed: "text-failed",
};

/** How long until a moment, counting down against the server's clock. */
export function TimeLeft({ until, tone, over = "over", className }: TimeLeftProps) {
  const left = until - useNow();
  return (
    <time
      dateTime={new Date(until).toISOString()}
      title={`${formatDateTime(until)} EVE time`}
      className={cx("nums whitespace-nowrap", tone && inks[tone(left)], className)}
    >
      {left <= 0 ? over : formatDuration(left)}
    </time>
  );
}
