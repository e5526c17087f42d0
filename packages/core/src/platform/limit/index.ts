import { ttlAt } from "../db/index.ts";
import * as Log from "../log/index.ts";
import { Bounded } from "../lru/index.ts";
import { counts } from "./limit.entity.ts";

// A sliding window of two fixed ones: what the last window counted fades out as this one goes on. Each process counts by
// itself and adds what it counted to the table a share at a time, so that ordinary use costs no write at all
// (docs/adr/0008).

export { networkOf } from "./address.ts";

export interface Policy {
  name: string;
  /** At most this many within `windowSeconds`. */
  quota: number;
  windowSeconds: number;
}

export interface Verdict {
  allowed: boolean;
  remaining: number;
  /** Seconds: of what is allowed until the window ends, of what is not until there is room for one. */
  resetSeconds: number;
}

/** A process adds to the table after this share of the quota: the most that it can let pass unseen by the others. */
const shareOfQuota = 1 / 20;
/** Subjects that a process counts at a time; the one asked for longest ago goes first. */
const maxSubjects = 10_000;

interface Count {
  window: number;
  /** Of the window before, as far as this process knows. */
  previous: number;
  /** Of this window over all processes, when it was last added up. */
  total: number;
  pending: number;
}

const known = new Bounded<string, Count>(maxSubjects);

function countOf(subject: string, window: number): Count {
  const count = known.get(subject) ?? { window, previous: 0, total: 0, pending: 0 };
  if (count.window !== window) {
    const previous = count.window === window - 1 ? count.total + count.pending : 0;
    Object.assign(count, { window, previous, total: 0, pending: 0 });
  }
  known.set(subject, count);
  return count;
}

/** Adds what was counted here to what all count, and learns the sum. The API goes on while the table does not answer. */
async function addUp(subject: string, count: Count, { windowSeconds }: Policy): Promise<void> {
  const { window, pending } = count;
  count.pending = 0;
  count.total += pending;
  try {
    const { data } = await counts()
      .upsert({ subject, window })
      .add({ count: pending })
      .set({ expiresAt: ttlAt((window + 3) * windowSeconds * 1000) })
      .go({ response: "all_new" });
    if (count.window === window) count.total = Math.max(count.total, data.count);
  } catch (error) {
    Log.warn("requests not added up", { error });
  }
}

/** How long until one more fits: what the last window counted fades, and once this one has ended so does its own. */
function roomAfterMs(count: Count, elapsed: number, { quota, windowSeconds }: Policy): number {
  const counted = count.total + count.pending;
  const shareGone = (fading: number, staying: number) => (fading === 0 ? 0 : 1 - (quota - 1 - staying) / fading);
  const here = counted + 1 <= quota ? shareGone(count.previous, counted) : 1 + shareGone(counted, 0);
  return Math.max(0, here - elapsed) * windowSeconds * 1000;
}

/** Counts one request of a subject, unless that would be one too many: what is refused is not counted. */
export async function take(policy: Policy, subject: string): Promise<Verdict> {
  // Public: it counts, and tells nothing but the count.
  const windowMs = policy.windowSeconds * 1000;
  const now = Date.now();
  const window = Math.floor(now / windowMs);
  const key = `${policy.name}#${subject}`;
  const count = countOf(key, window);
  const elapsed = (now % windowMs) / windowMs;
  const used = () => count.previous * (1 - elapsed) + count.total + count.pending;
  const allowed = used() + 1 <= policy.quota;
  if (allowed) count.pending += 1;
  if (count.pending >= Math.max(1, policy.quota * shareOfQuota)) await addUp(key, count, policy);
  return {
    allowed,
    remaining: Math.max(0, Math.floor(policy.quota - used())),
    resetSeconds: Math.ceil(
      allowed ? policy.windowSeconds * (1 - elapsed) : roomAfterMs(count, elapsed, policy) / 1000,
    ),
  };
}
