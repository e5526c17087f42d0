import type { Tone } from "./badge.tsx";
import { cx } from "./cx.ts";

const fills: Record<Tone, string> = {
  neutral: "bg-muted",
  accent: "bg-accent",
  fresh: "bg-fresh",
  stale: "bg-stale",
  failed: "bg-failed",
};

interface BarProps {
  /** From 0 to 1; what lies outside is cut off. */
  share: number;
  tone?: Tone;
  /** Said to screen readers. */
  label: string;
  className?: string;
}

/** A share of a whole as a bar. */
export function Bar({ share, tone = "accent", label, className }: BarProps) {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      className={cx("h-1.5 min-w-10 overflow-hidden rounded-full bg-raised", className)}
    >
      <div className={cx("h-full rounded-full", fills[tone])} style={{ width: `${percent}%` }} />
    </div>
  );
}
