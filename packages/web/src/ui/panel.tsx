import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";

interface PanelProps extends Omit<ComponentProps<"section">, "title"> {
  title?: ReactNode;
  /** Beside the title: how old the figures are, a count. */
  note?: ReactNode;
  actions?: ReactNode;
}

export function Panel({ title, note, actions, className, children, ...props }: PanelProps) {
  return (
    <section className={cx("min-w-0 rounded-lg border border-line bg-surface", className)} {...props}>
      {title ? (
        <header className="flex min-h-10 flex-wrap items-center gap-x-2.5 gap-y-1 border-line border-b py-1 pr-2 pl-3.5">
          <h2 className="text-[0.8125rem]">{title}</h2>
          {note ? <div className="min-w-0 text-muted text-xs">{note}</div> : null}
          {actions ? <div className="ml-auto flex items-center gap-1">{actions}</div> : null}
        </header>
      ) : null}
      {children}
    </section>
  );
}
