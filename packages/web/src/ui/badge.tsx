import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps } from "react";
import { cx } from "./cx.ts";

const badge = cva(
  "inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-[5px] px-1.5 font-medium text-2xs leading-none",
  {
    variants: {
      tone: {
        neutral: "bg-raised text-muted ring-1 ring-line ring-inset",
        accent: "bg-accent/12 text-accent",
        fresh: "bg-fresh/12 text-fresh",
        stale: "bg-stale/12 text-stale",
        failed: "bg-failed/14 text-failed",
      },
    },
    defaultVariants: { tone: "neutral" },
  },
);

export type Tone = NonNullable<VariantProps<typeof badge>["tone"]>;

export function Badge({ tone, className, ...props }: ComponentProps<"span"> & { tone?: Tone }) {
  return <span className={cx(badge({ tone }), className)} {...props} />;
}

const dots: Record<Tone, string> = {
  neutral: "bg-faint",
  accent: "bg-accent",
  fresh: "bg-fresh",
  stale: "bg-stale",
  failed: "bg-failed",
};

export function Dot({ tone, pulse, className }: { tone: Tone; pulse?: boolean; className?: string }) {
  return (
    <span aria-hidden className={cx("relative inline-flex size-1.5 shrink-0 rounded-full", dots[tone], className)}>
      {pulse ? <span className={cx("absolute inset-0 animate-ping rounded-full", dots[tone])} /> : null}
    </span>
  );
}
