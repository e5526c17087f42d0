import { bucketOf, bucketsOf, floorOf, type Spending, sum, used } from "./bucket.ts";

/** What is known of a bucket, in the form that is stored with a director's row. */
export interface Entry {
  group: string;
  limit: number;
  windowMs: number;
  spent: Spending[];
  /** ESI answered 429: nothing until then, whatever the figures say. */
  blockedUntil?: number;
}

/** At most this many spendings a bucket are stored. */
const storedSlots = 6;

/** Merges the oldest spendings into later ones until few are left: tokens then return late, never early. */
function condense(spent: Spending[]): Spending[] {
  const excess = Math.max(0, spent.length - storedSlots);
  const [first, ...later] = spent.slice(excess);
  return first ? [[first[0], first[1] + sum(spent.slice(0, excess))], ...later] : [];
}

/** What this process knows of a character's buckets. */
export function snapshot(characterId: number): Entry[] {
  const now = Date.now();
  return [...bucketsOf(characterId)].map(([group, bucket]) => {
    used(bucket, now);
    const { limit, windowMs, spent, blockedUntil } = bucket;
    return { group, limit, windowMs, spent: condense(spent), ...(blockedUntil > now ? { blockedUntil } : {}) };
  });
}

const stillSpent = (entry: Entry, now: number): Spending[] => entry.spent.filter(([at]) => at + entry.windowMs > now);

/** Takes over what another process has stored, wherever it knows of more spending than this one does. */
export function restore(characterId: number, entries: Entry[]): void {
  const now = Date.now();
  for (const entry of entries) {
    const bucket = bucketOf(entry.group, characterId);
    const theirs = stillSpent(entry, now);
    if (sum(theirs) > used(bucket, now)) Object.assign(bucket, { spent: theirs, limit: entry.limit });
    bucket.blockedUntil = Math.max(bucket.blockedUntil, entry.blockedUntil ?? 0);
  }
}

/** What is left of stored buckets by now. */
export function left(entries: Entry[]): { group: string; remaining: number; limit: number }[] {
  const now = Date.now();
  return entries.map((entry) => {
    const blocked = (entry.blockedUntil ?? 0) > now;
    const remaining = blocked ? 0 : Math.max(0, entry.limit - sum(stillSpent(entry, now)));
    return { group: entry.group, remaining, limit: entry.limit };
  });
}

/** Tokens left in a character's bucket, as this process knows it; a full bucket where nothing is known. */
export function remaining(group: string, characterId: number): number {
  const now = Date.now();
  const bucket = bucketOf(group, characterId);
  if (bucket.blockedUntil > now) return 0;
  return Math.max(0, bucket.limit - used(bucket, now) - bucket.held);
}

/** The most that background work can ever take from a bucket at once. */
export const most = (entry: Pick<Entry, "limit">): number => entry.limit - floorOf(entry, false);

/** Tokens of a stored bucket that background work may take by now. */
export function spendable(entry: Entry, now: number): number {
  if ((entry.blockedUntil ?? 0) > now) return 0;
  return Math.max(0, most(entry) - sum(stillSpent(entry, now)));
}

/** When background work may take that many tokens of a stored bucket, if nobody spends any until then. */
export function spendableAt(entry: Entry, tokens: number, now: number): number {
  let free = most(entry) - sum(stillSpent(entry, now));
  let at = now;
  for (const [spentAt, returned] of stillSpent(entry, now)) {
    if (free >= tokens) break;
    free += returned;
    at = spentAt + entry.windowMs;
  }
  return Math.max(at, entry.blockedUntil ?? 0);
}
