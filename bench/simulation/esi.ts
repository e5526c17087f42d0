import { Budget } from "@tapi/core/eve/esi";
import type { SimulatedDirector } from "./population.ts";
import type { Profile } from "./profile.ts";

export interface Outage {
  from: number;
  until: number;
  /** Of the calls so many fail. */
  chance: number;
}

const dayMs = 24 * 3_600_000;
const downtimeAt = 11 * 3_600_000;
const minuteMs = 60_000;
/** Spendings closer than this are kept as one. */
const grainMs = 1_000;

/** ESI as the workers meet it: buckets that it counts exactly, the daily downtime, and windows in which calls fail. */
export class SimulatedEsi {
  readonly spentByGroup = new Map<string, number>();
  /** The fullest that a bucket ever was, as a part of its limit. */
  readonly fullest = new Map<string, number>();
  /** Calls that would have been answered 429. */
  overdrafts = 0;
  readonly #outages: readonly Outage[];

  constructor(outages: readonly Outage[]) {
    this.#outages = outages;
  }

  /** On each day another number of minutes after 11:00 UTC. */
  isDown(at: number): boolean {
    const day = Math.floor(at / dayMs);
    const since = at - day * dayMs - downtimeAt;
    return since >= 0 && since < (5 + ((day * 7) % 8)) * minuteMs;
  }

  failureChance(at: number): number {
    return this.#outages.find(({ from, until }) => at >= from && at < until)?.chance ?? 0;
  }

  bucketOf(director: SimulatedDirector, { group = "", limit, windowMs }: Profile): Budget.Entry {
    let bucket = director.buckets.get(group);
    if (!bucket) {
      bucket = { group, limit, windowMs, spent: [] };
      director.buckets.set(group, bucket);
    }
    return bucket;
  }

  /** Tokens spent by `seenAt` that have not returned at `now`. */
  spent(bucket: Budget.Entry, now: number, seenAt = now): number {
    while (bucket.spent[0] && bucket.spent[0][0] + bucket.windowMs <= now) bucket.spent.shift();
    let sum = 0;
    for (const [at, tokens] of bucket.spent) if (at <= seenAt) sum += tokens;
    return sum;
  }

  charge(bucket: Budget.Entry, tokens: number, now: number): void {
    if (tokens === 0) return;
    const last = bucket.spent.at(-1);
    if (last && now - last[0] < grainMs) last[1] += tokens;
    else bucket.spent.push([now, tokens]);
    const used = this.spent(bucket, now);
    if (used > bucket.limit) this.overdrafts += 1;
    this.spentByGroup.set(bucket.group, (this.spentByGroup.get(bucket.group) ?? 0) + tokens);
    this.fullest.set(bucket.group, Math.max(this.fullest.get(bucket.group) ?? 0, used / bucket.limit));
  }

  /** A director's buckets as the table knows them. */
  stored(director: SimulatedDirector): Budget.Entry[] {
    return [...director.buckets.values()].map((bucket) => ({
      ...bucket,
      spent: bucket.spent.filter(([at]) => at <= director.writtenAt),
    }));
  }

  /** Tokens that background work may take, knowing of nothing that was spent after `seenAt`. */
  left(bucket: Budget.Entry, now: number, seenAt: number): number {
    return Math.max(0, Budget.most(bucket) - this.spent(bucket, now, seenAt));
  }
}
