import { useSuspenseQuery } from "@tanstack/react-query";
import { useNow } from "../api/clock.ts";
import type { Owner } from "../api/owner.ts";
import { DatasetNote } from "../freshness/dataset-note.tsx";
import { useBoard } from "../freshness/use-board.ts";
import { cx } from "../ui/cx.ts";
import { formatNumber } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { Stat } from "../ui/stat.tsx";
import { activityBuckets, joinedWithin, seenWithin } from "./activity.ts";
import { activityQuery } from "./query.ts";

/** How active the members are: how many were seen or joined lately, and how long the others have been away. */
export function ActivityPanel({ owner }: { owner: Owner }) {
  const board = useBoard(owner);
  const { data: activity } = useSuspenseQuery(activityQuery(owner.id));
  const now = useNow(60_000);
  const buckets = activityBuckets(activity, now);
  const most = Math.max(1, ...buckets.map((bucket) => bucket.count));
  const members = board.find((entry) => entry.dataset === "members");
  const share = (count: number) => (activity.length > 0 ? `${Math.round((count / activity.length) * 100)} %` : "–");
  const week = seenWithin(activity, 7, now);
  const month = seenWithin(activity, 30, now);
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="grid grid-cols-2 rounded-lg border border-line bg-surface sm:grid-cols-4 lg:grid-cols-2">
        <Stat
          title="Members"
          testId="stat-members"
          value={members && members.version > 0 ? members.rows : undefined}
          note={<DatasetNote owner={owner} dataset="members" />}
        >
          {members && members.version > 0 ? formatNumber(members.rows) : "–"}
        </Stat>
        <Stat title="Seen in 7 days" value={week} note={`${share(week)} of all`}>
          {formatNumber(week)}
        </Stat>
        <Stat title="Seen in 30 days" value={month} note={`${share(month)} of all`}>
          {formatNumber(month)}
        </Stat>
        <Stat title="Joined in 30 days" value={joinedWithin(activity, 30, now)} note="by date of joining">
          {formatNumber(joinedWithin(activity, 30, now))}
        </Stat>
      </div>
      <Panel title="Last login" note={<DatasetNote owner={owner} dataset="member-tracking" />}>
        <div className="grid h-36 grid-flow-col items-end gap-1.5 px-3.5 pt-3">
          {buckets.map((bucket, index) => (
            <div key={bucket.label} className="flex h-full min-w-0 flex-col justify-end">
              <span className="nums text-center text-2xs text-muted">{formatNumber(bucket.count)}</span>
              <div
                className={cx("min-h-px rounded-t-[3px]", index < 5 ? "bg-accent" : "bg-line-strong")}
                style={{ height: `${(bucket.count / most) * 70}%`, opacity: index < 5 ? 1 - index * 0.14 : 1 }}
              />
            </div>
          ))}
        </div>
        <div className="grid grid-flow-col auto-cols-fr gap-1.5 border-line border-t px-3.5 py-1.5 text-center text-2xs text-faint">
          {buckets.map((bucket, index) => (
            <span key={bucket.label} className="whitespace-nowrap">
              {index < buckets.length - 1 ? `\u2264 ${bucket.label}` : bucket.label}
            </span>
          ))}
        </div>
      </Panel>
    </div>
  );
}
