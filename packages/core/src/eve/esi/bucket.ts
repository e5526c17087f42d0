import { routes } from "./generated/routes.ts";

/** When and how many tokens: [ms since the epoch, tokens]. Each returns one window later. */
export type Spending = [number, number];

/**
 * One of ESI's token buckets: one per rate group and character, refilled 15 minutes after each spending. What this process
 * spends is written down at once; what the headers report corrects it, since other processes spend too.
 */
export interface Bucket {
  limit: number;
  windowMs: number;
  spent: Spending[];
  /** Taken for calls that have not been answered yet. */
  held: number;
  flights: number;
  /** No other call was in flight since the last take: the answer's figure is exact, not merely one moment's. */
  alone: boolean;
  blockedUntil: number;
}

export interface Taker {
  /** None: an unauthenticated call, charged to the source address. */
  characterId?: number | undefined;
  interactive?: boolean | undefined;
}

/** Of each bucket this fraction is kept back from background work, for the refreshes that a person asks for. */
const reserve = 0.1;

/** A refusal costs 5 tokens where 2 were taken: that much is never taken, so that no answer can overdraw the bucket. */
const refusalMargin = 3;

/** Spendings closer than this are written down as one, at the later moment. */
const grainMs = 10_000;
const buckets = new Map<number | "address", Map<string, Bucket>>();

let promised: Map<string, { limit: number; windowMs: number }> | undefined;

/** What the spec promises of a group's bucket; the headers of the first answer know better. */
function promiseOf(group: string): { limit: number; windowMs: number } {
  promised ??= new Map(
    Object.values(routes).flatMap(({ rateGroup, maxTokens = 0, windowSeconds = 900 }) =>
      rateGroup ? [[rateGroup, { limit: maxTokens, windowMs: windowSeconds * 1000 }] as const] : [],
    ),
  );
  return promised.get(group) ?? { limit: 0, windowMs: 900_000 };
}

/** The buckets of a character that this process has met, by group. */
export function bucketsOf(characterId: number | undefined): Map<string, Bucket> {
  const key = characterId ?? "address";
  const known = buckets.get(key);
  if (known) return known;
  const fresh = new Map<string, Bucket>();
  buckets.set(key, fresh);
  return fresh;
}

export function bucketOf(group: string, characterId: number | undefined): Bucket {
  const all = bucketsOf(characterId);
  const known = all.get(group);
  if (known) return known;
  const fresh: Bucket = { ...promiseOf(group), spent: [], held: 0, flights: 0, alone: true, blockedUntil: 0 };
  all.set(group, fresh);
  return fresh;
}

export const sum = (spent: Spending[]): number => spent.reduce((total, [, tokens]) => total + tokens, 0);

/** Tokens spent that have not returned yet. */
export function used(bucket: Bucket, now: number): number {
  while (bucket.spent[0] && bucket.spent[0][0] + bucket.windowMs <= now) bucket.spent.shift();
  return sum(bucket.spent);
}

function write(bucket: Bucket, tokens: number, now: number): void {
  const last = bucket.spent.at(-1);
  if (!last || now - last[0] >= grainMs) {
    bucket.spent.push([now, tokens]);
    return;
  }
  bucket.spent[bucket.spent.length - 1] = [now, last[1] + tokens];
}

/** Tokens of a bucket that are never taken: for background work the reserve, for people the margin of a refusal. */
export const floorOf = (bucket: Pick<Bucket, "limit">, interactive: boolean | undefined): number =>
  interactive ? refusalMargin : Math.max(refusalMargin, Math.ceil(bucket.limit * reserve));

function freeOf(bucket: Bucket, interactive: boolean | undefined, now: number): number {
  if (bucket.blockedUntil > now) return 0;
  return Math.max(0, bucket.limit - used(bucket, now) - bucket.held - floorOf(bucket, interactive));
}

/** Tokens that a caller may spend now on top of what is in flight. */
export const available = (group: string, taker: Taker): number =>
  freeOf(bucketOf(group, taker.characterId), taker.interactive, Date.now());

/** Holds `tokens` for a call, or says no. Each take is followed by one `charge`. */
export function take(group: string, taker: Taker, tokens: number): boolean {
  const bucket = bucketOf(group, taker.characterId);
  if (freeOf(bucket, taker.interactive, Date.now()) < tokens) return false;
  bucket.alone = bucket.flights === 0;
  bucket.held += tokens;
  bucket.flights += 1;
  return true;
}

/** Writes down what a taken call has really cost, and what ESI says is left (`seen`). */
export function charge(
  group: string,
  taker: Taker,
  tokens: { held: number; cost: number },
  seen?: { limit?: number; remaining: number },
): void {
  const bucket = bucketOf(group, taker.characterId);
  const now = Date.now();
  bucket.held -= tokens.held;
  bucket.flights -= 1;
  if (tokens.cost > 0) write(bucket, tokens.cost, now);
  if (!seen) return;
  bucket.limit = seen.limit ?? bucket.limit;
  const known = used(bucket, now);
  const reported = bucket.limit - seen.remaining;
  // ESI may have counted calls that are still in flight here: only what exceeds those too was spent by somebody else.
  if (reported > known + bucket.held) write(bucket, reported - known - bucket.held, now);
  else if (reported < known && bucket.alone && bucket.flights === 0) forget(bucket, known - reported);
}

/** Strikes out the latest spendings: they never happened, or ESI did not charge for them. */
function forget(bucket: Bucket, tokens: number): void {
  for (let left = tokens; left > 0; ) {
    const last = bucket.spent.pop();
    if (!last) return;
    if (last[1] > left) bucket.spent.push([last[0], last[1] - left]);
    left -= last[1];
  }
}

/** After a 429: nothing is taken from the bucket until then. */
export function block(group: string, taker: Taker, until: number): void {
  const bucket = bucketOf(group, taker.characterId);
  bucket.blockedUntil = Math.max(bucket.blockedUntil, until);
}

/** The earliest moment at which `tokens` can be taken, as far as is known. */
export function takeableAt(group: string, taker: Taker, tokens: number): number {
  const bucket = bucketOf(group, taker.characterId);
  const now = Date.now();
  let missing = tokens - (bucket.limit - used(bucket, now) - bucket.held - floorOf(bucket, taker.interactive));
  let at = now;
  for (const [spentAt, returned] of bucket.spent) {
    if (missing <= 0) break;
    missing -= returned;
    at = spentAt + bucket.windowMs;
  }
  return Math.max(at, bucket.blockedUntil, now + 1000);
}

export const reset = (): void => buckets.clear();
