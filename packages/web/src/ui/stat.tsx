import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { formatExact } from "./format.ts";

interface StatProps {
  title: ReactNode;
  /** What is shown; `value` is the exact figure behind it, for machines. */
  children: ReactNode;
  value?: number | string | undefined;
  note?: ReactNode;
  testId?: string;
  className?: string;
}

export function Stat({ title, children, value, note, testId, className }: StatProps) {
  return (
    <div className={cx("min-w-0 px-3.5 py-3", className)}>
      <div className="truncate text-muted text-xs">{title}</div>
      <div
        data-testid={testId}
        data-value={value}
        title={value === undefined ? undefined : formatExact(value)}
        className="nums mt-0.5 truncate font-semibold text-ink text-xl leading-7 tracking-tight"
      >
        {children}
      </div>
      {note ? <div className="mt-0.5 text-pretty text-faint text-xs">{note}</div> : null}
    </div>
  );
}

/** Figures side by side, four to a row where there is room. */
export function StatStrip({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-2 divide-line rounded-lg border border-line bg-surface lg:grid-cols-4 lg:divide-x">
      {children}
    </div>
  );
}
