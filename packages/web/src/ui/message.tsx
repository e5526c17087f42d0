import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

interface MessageProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  tone?: "neutral" | "failed";
  className?: string;
}

/** What a panel or page says when there is nothing to show: what happened, and what to do about it. */
export function Message({ icon: Icon, title, children, actions, tone = "neutral", className }: MessageProps) {
  return (
    <div className={cx("flex flex-col items-center px-6 py-12 text-center", className)}>
      <div
        className={cx(
          "mb-3.5 grid size-10 place-items-center rounded-lg border",
          tone === "failed" ? "border-failed/30 bg-failed/10 text-failed" : "border-line bg-raised text-muted",
        )}
      >
        <Icon className="size-4.5" aria-hidden />
      </div>
      <p className="font-medium text-ink text-sm">{title}</p>
      {children ? <div className="mt-1 max-w-md text-balance text-muted">{children}</div> : null}
      {actions ? <div className="mt-4 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
