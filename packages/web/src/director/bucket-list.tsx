import type { Director } from "../api/contract.ts";
import { cx } from "../ui/cx.ts";

interface BucketListProps {
  buckets: Director["buckets"];
  /** Only this many, those with the least left. */
  lowest?: number;
  className?: string;
}

/** What is left of the requests that EVE allows this character in 15 minutes, by group of routes. */
export function BucketList({ buckets, lowest, className }: BucketListProps) {
  if (buckets.length === 0) return null;
  const sorted = [...buckets].sort((a, b) => shareOf(a) - shareOf(b) || a.group.localeCompare(b.group));
  return (
    <ul className={cx("mt-2.5 grid grid-cols-2 gap-x-4 gap-y-1.5", className)}>
      {sorted.slice(0, lowest).map((bucket) => {
        const { group, remaining, max } = bucket;
        const share = shareOf(bucket);
        return (
          <li key={group} className="min-w-0 text-2xs" title={`${remaining} of ${max} tokens left in ${group}`}>
            <div className="flex justify-between gap-2">
              <span className="truncate text-faint">{group}</span>
              <span className="nums text-muted">
                {remaining}/{max}
              </span>
            </div>
            <div className="mt-0.5 h-1 overflow-hidden rounded-full bg-raised">
              <div
                className={cx(
                  "h-full rounded-full",
                  share < 0.15 ? "bg-failed" : share < 0.4 ? "bg-stale" : "bg-muted",
                )}
                style={{ width: `${share * 100}%` }}
              />
            </div>
          </li>
        );
      })}
    </ul>
  );
}

const shareOf = ({ remaining, max }: Director["buckets"][number]) => (max > 0 ? remaining / max : 0);
