import { minuteMs, secondMs } from "../clock.ts";
import type { RateGroup } from "./route.ts";

/** Tokens that an answer costs: success 2, not changed 1, the caller's mistake 5, ours nothing; refusals are free. */
function costOf(status: number): number {
  if (status === 429 || status === 420 || status >= 500) return 0;
  if (status >= 400) return 5;
  return status >= 300 ? 1 : 2;
}

interface Spending {
  /** Spendings of one second are one entry. */
  second: number;
  tokens: number;
}

class Bucket {
  used = 0;
  readonly #spendings: Spending[] = [];

  release(beforeMs: number): void {
    while (this.#spendings[0] && this.#spendings[0].second * secondMs <= beforeMs) {
      this.used -= (this.#spendings.shift() as Spending).tokens;
    }
  }

  spend(nowMs: number, tokens: number): void {
    const second = Math.floor(nowMs / secondMs);
    const last = this.#spendings.at(-1);
    if (last?.second === second) last.tokens += tokens;
    else this.#spendings.push({ second, tokens });
    this.used += tokens;
  }

  oldestMs(): number {
    return (this.#spendings[0]?.second ?? 0) * secondMs;
  }
}

/** Token buckets over a floating window: what is spent comes back one window later. */
export class Buckets {
  readonly #byKey = new Map<string, Bucket>();
  tokensSpent = 0;

  /** Seconds to wait when the bucket is empty; undefined when the request may go on. */
  retryAfter(group: RateGroup, owner: string, nowMs: number): number | undefined {
    const bucket = this.#bucket(group, owner, nowMs);
    if (bucket.used < group.maxTokens) return undefined;
    return Math.max(1, Math.ceil((bucket.oldestMs() + group.windowMs - nowMs) / secondMs));
  }

  /** Charges an answer and says what its headers say. */
  spend(group: RateGroup, owner: string, nowMs: number, status: number): Record<string, string> {
    const bucket = this.#bucket(group, owner, nowMs);
    const cost = costOf(status);
    if (cost > 0) bucket.spend(nowMs, cost);
    this.tokensSpent += cost;
    return {
      "X-Ratelimit-Group": group.name,
      "X-Ratelimit-Limit": group.limit,
      "X-Ratelimit-Remaining": String(Math.max(0, group.maxTokens - bucket.used)),
      "X-Ratelimit-Used": String(cost),
    };
  }

  #bucket(group: RateGroup, owner: string, nowMs: number): Bucket {
    const key = `${group.name} ${owner}`;
    let bucket = this.#byKey.get(key);
    if (!bucket) {
      bucket = new Bucket();
      this.#byKey.set(key, bucket);
    }
    bucket.release(nowMs - group.windowMs);
    return bucket;
  }
}

const errorsPerMinute = 100;

/** The older limit of routes without a bucket: a hundred errors a minute, then 420 on every route. */
export class ErrorLimit {
  readonly #bySource = new Map<string, { minute: number; errors: number }>();

  isExhausted(source: string, nowMs: number): boolean {
    return this.#window(source, nowMs).errors >= errorsPerMinute;
  }

  count(source: string, nowMs: number, status: number): void {
    if (status >= 400) this.#window(source, nowMs).errors += 1;
  }

  headers(source: string, nowMs: number): Record<string, string> {
    return {
      "X-ESI-Error-Limit-Remain": String(Math.max(0, errorsPerMinute - this.#window(source, nowMs).errors)),
      "X-ESI-Error-Limit-Reset": String(Math.ceil((minuteMs - (nowMs % minuteMs)) / secondMs)),
    };
  }

  #window(source: string, nowMs: number): { minute: number; errors: number } {
    const minute = Math.floor(nowMs / minuteMs);
    let window = this.#bySource.get(source);
    if (window?.minute !== minute) {
      window = { minute, errors: 0 };
      this.#bySource.set(source, window);
    }
    return window;
  }
}
