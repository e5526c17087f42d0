const DAY_MS = 86_400_000;

export interface Activity {
  logonAt: number | undefined;
  joinedAt: number | undefined;
}

interface ActivityBucket {
  label: string;
  /** Upper end, in days since the last login. */
  days: number;
  count: number;
}

const ends: [number, string][] = [
  [1, "1 d"],
  [3, "3 d"],
  [7, "7 d"],
  [14, "14 d"],
  [30, "30 d"],
  [90, "90 d"],
  [Number.POSITIVE_INFINITY, "longer"],
];

/** How many members were last seen within each stretch of time; those never seen count as longest away. */
export function activityBuckets(members: Activity[], nowMs: number): ActivityBucket[] {
  const buckets = ends.map(([days, label]) => ({ label, days, count: 0 }));
  for (const { logonAt } of members) {
    const days = logonAt === undefined ? Number.POSITIVE_INFINITY : (nowMs - logonAt) / DAY_MS;
    const bucket = buckets.find((candidate) => days <= candidate.days);
    if (bucket) bucket.count++;
  }
  return buckets;
}

/** Members seen within so many days. */
export function seenWithin(members: Activity[], days: number, nowMs: number): number {
  return members.filter(({ logonAt }) => logonAt !== undefined && nowMs - logonAt <= days * DAY_MS).length;
}

/** Members who joined within so many days. */
export function joinedWithin(members: Activity[], days: number, nowMs: number): number {
  return members.filter(({ joinedAt }) => joinedAt !== undefined && nowMs - joinedAt <= days * DAY_MS).length;
}
