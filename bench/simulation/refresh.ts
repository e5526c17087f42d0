import { Budget } from "@tapi/core/eve/esi";
import type { SimulatedEsi } from "./esi.ts";
import type { Measures } from "./measures.ts";
import type { SimulatedDirector, Task } from "./population.ts";
import { changeChance, cpuMs, lifeMs, waitMs } from "./profile.ts";

/*
 * One refresh, as packages/core/src/engine/refresh does it: lease, choice of a director, calls within the buckets that this worker
 * knows of, and what is left behind. Waits after failures are those of refresh/settle.ts and corporation/directors.ts.
 */

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const blockedRetryMs = 15 * minuteMs;
const directorRetryMs = 15 * minuteMs;
const unhealthyAfter = 3;
/** Directors' rows are written at most this often. */
const writeEveryMs = minuteMs;
const dailyExpiryMs = (11 * 60 + 5) * minuteMs;
/** Longer than any refresh takes: a lease is renewed while its worker lives. */
const leaseMs = 60 * minuteMs;
const failedMs = 1_500;
const idleMs = 20;
/** Headers count whole seconds: expiries are taken a second late. */
const roundingMs = 1_000;

const backOffMs = (failures: number, random: () => number): number =>
  Math.min(60 * minuteMs, minuteMs * 2 ** Math.min(failures, 10)) * (0.5 + 0.5 * random());

const todayAt = (now: number, ms: number) => now - (now % dayMs) + ms;

function nextDaily(now: number): number {
  const today = todayAt(now, dailyExpiryMs);
  return today > now ? today : today + dayMs;
}

/** A refresh under way: what it waits, what it computes, and what to do when it ends. */
export interface Running {
  waitMs: number;
  cpuMs: number;
  end?: (at: number) => void;
}

export interface World {
  esi: SimulatedEsi;
  measures: Measures;
  random: () => number;
  /** Lags are counted from then on. */
  countFrom: number;
  /** What a worker sends itself: details, where a minute is too long for the scheduler to find out. */
  send: (tasks: readonly Task[], at: number) => void;
}

const isHealthy = ({ failures }: SimulatedDirector) => failures < unhealthyAfter;
const isDead = ({ deadFrom, deadUntil }: SimulatedDirector, now: number) => now >= deadFrom && now < deadUntil;

/** Who is asked: healthy before those to be tried again, then the one with the fullest bucket. Finding one dead is a failure. */
function chooseDirector({ esi }: World, { corporation, profile }: Task, now: number): SimulatedDirector | undefined {
  let best: SimulatedDirector | undefined;
  let bestLeft = 0;
  for (const director of corporation.directors) {
    if (!isHealthy(director) && now - director.failedAt < directorRetryMs) continue;
    if (isDead(director, now)) {
      director.failures += 1;
      director.failedAt = now;
      continue;
    }
    const left = profile.group ? esi.left(esi.bucketOf(director, profile), now, director.writtenAt) : 0;
    if (best && ((isHealthy(best) && !isHealthy(director)) || left <= bestLeft)) continue;
    best = director;
    bestLeft = left;
  }
  return best;
}

/** What waits for nobody has its corporation looked at by then. */
function lookBy({ corporation, state }: Task, at: number): void {
  state.nextAt = at;
  corporation.wakeAt = Math.min(corporation.wakeAt, at);
}

function failed({ measures }: World, task: Task, count: "failures" | "limited" | "blocked", retryAt: number): Running {
  measures[count] += 1;
  return {
    waitMs: count === "failures" ? failedMs : idleMs,
    cpuMs: 5,
    end: (at) => {
      const { state } = task;
      state.leaseUntil = undefined;
      state.errorAt = at;
      state.failures += 1;
      state.blocked = count === "blocked";
      if (state.blocked) state.nextAt = retryAt;
      else lookBy(task, retryAt);
    },
  };
}

/** Takes what the calls cost from the director's bucket. Returns when to come back if it cannot pay. */
function pay({ esi }: World, bucket: Budget.Entry, tokens: number, now: number, knownAt: number): number | undefined {
  const first = Math.min(2, tokens);
  const begins = esi.left(bucket, now, knownAt) >= first;
  if (begins) esi.charge(bucket, first, now);
  // From the first answer on its headers tell what other workers have spent.
  if (begins && esi.left(bucket, now, now) >= tokens - first) return undefined;
  return Math.max(now + 1_000, Budget.spendableAt(bucket, Math.min(tokens, Budget.most(bucket)), now));
}

/** From when it was to be refreshed: its expiry, or the change of its list. */
export function dueAt({ state, list }: Pick<Task, "state" | "list">): number {
  const isBehind = list !== undefined && state.listVersion !== list.version;
  return isBehind ? Math.min(state.expiresAt, list.changedAt) : state.expiresAt;
}

/** A refresh that has begun. */
interface Begun {
  at: number;
  dueAt: number;
  listVersion: number | undefined;
  isChanged: boolean;
  /** Calls of details that the budget did not allow. */
  left: number;
}

function expiryOf({ profile, calls }: Task, begun: Begun, at: number): number {
  if (begun.left > 0) return at + minuteMs;
  if (profile.isDaily) return nextDaily(at);
  return Math.max(begun.at + lifeMs(profile, calls) + roundingMs, at + profile.minIntervalMs);
}

function succeed(world: World, task: Task, begun: Begun, at: number): void {
  const { corporation, state, details } = task;
  if (begun.at >= world.countFrom && !state.wasBlocked) world.measures.lags[corporation.tier].add(at - begun.dueAt);
  state.expiresAt = expiryOf(task, begun, at);
  state.nextAt = state.expiresAt;
  state.leaseUntil = undefined;
  state.failures = 0;
  state.errorAt = undefined;
  state.blocked = false;
  state.wasBlocked = false;
  state.refreshedAt = at;
  state.left = begun.left;
  state.hasMore = begun.left > 0;
  if (state.hasMore) lookBy(task, state.nextAt);
  state.listVersion = begun.listVersion;
  if (!begun.isChanged) return;
  state.version += 1;
  state.changedAt = at;
  if (corporation.tier === "P0") world.send(details, at);
}

/** What is left of a set is paid while its pages come; a bucket that others have emptied meanwhile ends it. */
function payRest({ esi, measures }: World, task: Task, bucket: Budget.Entry, rest: number, at: number): boolean {
  const { state } = task;
  const left = esi.left(bucket, at, at);
  esi.charge(bucket, Math.min(rest, left), at);
  if (left >= rest) return true;
  measures.limited += 1;
  state.leaseUntil = undefined;
  state.errorAt = at;
  state.failures += 1;
  lookBy(task, Budget.spendableAt(bucket, Math.min(rest, Budget.most(bucket)), at));
  return false;
}

/** What there is to ask for: what was left over, else at least one detail if the list has changed. */
function callsOf({ state, list, calls }: Task): number {
  if (state.left > 0) return state.left;
  return list && state.listVersion !== list.version ? Math.max(1, calls) : calls;
}

/** Details are asked for as far as half of what is left goes; the others follow a minute later. */
function affordableCalls({ esi }: World, task: Task, director: SimulatedDirector, now: number): number {
  const { profile } = task;
  const calls = callsOf(task);
  if (profile.detailsPerMember === undefined || !profile.group || calls === 0) return calls;
  const left = esi.left(esi.bucketOf(director, profile), now, director.writtenAt);
  return Math.min(calls, Math.max(1, Math.floor(left / 2 / 2)));
}

/** Starts a refresh at `now`. */
export function begin(world: World, task: Task, now: number): Running {
  const { esi, random, measures } = world;
  const { corporation, state, profile, list } = task;
  const isBehind = list !== undefined && state.listVersion !== list.version && state.failures === 0;
  if ((state.leaseUntil ?? 0) > now || ((state.nextAt ?? 0) > now && !isBehind)) {
    measures.idleMessages += 1;
    return { waitMs: idleMs, cpuMs: 5 };
  }
  state.leaseUntil = now + leaseMs;
  if (now >= world.countFrom) measures.refreshes[corporation.tier] += 1;
  if (esi.isDown(now)) return failed(world, task, "failures", Math.max(now + minuteMs, todayAt(now, dailyExpiryMs)));
  if (random() < esi.failureChance(now)) {
    return failed(world, task, "failures", now + backOffMs(state.failures + 1, random));
  }
  const director = profile.isPublic ? undefined : chooseDirector(world, task, now);
  if (!profile.isPublic && !director) {
    state.wasBlocked = true;
    return failed(world, task, "blocked", now + blockedRetryMs);
  }
  const calls = director ? affordableCalls(world, task, director, now) : callsOf(task);
  const isChanged = random() < changeChance(corporation.members, now - (state.refreshedAt ?? now));
  const begun = { at: now, dueAt: dueAt(task), listVersion: list?.version, isChanged, left: callsOf(task) - calls };
  const tokens = calls * (isChanged ? 2 : 1);
  const bucket = director && profile.group ? esi.bucketOf(director, profile) : undefined;
  if (director && bucket) {
    const retryAt = pay(world, bucket, tokens, now, director.writtenAt);
    if (retryAt !== undefined) return failed(world, task, "limited", retryAt);
  }
  state.tokens = tokens;
  return {
    waitMs: waitMs(calls, random),
    cpuMs: cpuMs(calls, isChanged),
    end: (at) => {
      if (director && bucket) {
        if (!payRest(world, task, bucket, Math.max(0, tokens - 2), at)) return;
        if (at - director.writtenAt >= writeEveryMs) director.writtenAt = at;
        director.failures = 0;
      }
      succeed(world, task, begun, at);
    },
  };
}
