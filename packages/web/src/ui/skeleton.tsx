import { cx } from "./cx.ts";

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("skeleton h-4", className)} />;
}

/** Lines that stand where rows are about to be. */
export function SkeletonRows({ rows = 6, className }: { rows?: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={cx("flex flex-col gap-3 p-3.5", className)}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div key={row} className="flex items-center gap-3">
          <Skeleton className="size-6 shrink-0" />
          <Skeleton className={cx("grow", row % 3 === 1 ? "max-w-3/5" : "max-w-4/5")} />
          <Skeleton className="ml-auto w-16 shrink-0" />
        </div>
      ))}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading the page" className="flex flex-col gap-4">
      <Skeleton className="h-7 w-56" />
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        {["a", "b", "c", "d"].map((key) => (
          <Skeleton key={key} className="h-20 rounded-lg" />
        ))}
      </div>
      <Skeleton className="h-96 rounded-lg" />
    </div>
  );
}
