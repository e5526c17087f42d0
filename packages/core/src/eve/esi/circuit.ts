import { EsiError } from "./error.ts";
import type { Call, OperationId } from "./operation.ts";
import { routeOf } from "./operation.ts";
import * as Shared from "./shared.ts";

/*
 * Two circuits guard a group of routes (docs/adr/0018). An owner's own one opens after that owner's failures alone: a row
 * that turns one corporation's page into a 500 shuts the group for nobody else. The group's opens when several owners have
 * failed and nobody has succeeded, and all processes know of it.
 */
const threshold = 10;
/** Fewer owners than this may all be broken while the group is well. */
const fewestOwners = 3;
/** One owner's failures say no more of the group than this many. */
const mostOfOne = 4;
/** Older failures say nothing of now. */
const windowMs = 600_000;
const firstPauseMs = 30_000;
const longestPauseMs = 300_000;
/** A process that dies with its probe holds the others up for this long; longer than a try takes. */
const probeMs = 60_000;
/** Who has been the probe lets the others go first for this long. */
const graceMs = 60_000;
/** Who was refused and has not come again by then does not wait any more. */
const waitingMs = 900_000;
/** Somebody else is finding out, or is to do so: it is known soon. */
const soonMs = 10_000;
const mostProbed = 100;

/** One owner's own circuit in a group. */
interface Lane {
  failures: number;
  openUntil: number;
  probing: Probing | undefined;
}

interface Group {
  lanes: Map<string, Lane>;
  /** Failures since anybody's last success. */
  failing: Map<string, { count: number; at: number }>;
  /** Who was refused while the group's circuit was open, and when. */
  waiting: Map<string, number>;
  probing: Probing | undefined;
}

/** The call that finds out, as those see it that wait for what it finds. */
interface Probing {
  ended: Promise<void>;
  end: () => void;
}

const groups = new Map<string, Group>();

const nameOf = (operation: OperationId): string => `circuit#${routeOf(operation).rateGroup ?? operation}`;

/** Whose failures a call's are: those of what it asks about, else of who asks; public lists are nobody's in particular. */
export const ownerOf = ({ owner, path, characterId }: Call): string =>
  String(owner ?? path?.corporation_id ?? path?.character_id ?? characterId ?? "");

function groupOf(name: string): Group {
  const known = groups.get(name);
  if (known) return known;
  const fresh: Group = { lanes: new Map(), failing: new Map(), waiting: new Map(), probing: undefined };
  groups.set(name, fresh);
  return fresh;
}

function laneOf({ lanes }: Group, owner: string): Lane {
  const known = lanes.get(owner);
  if (known) return known;
  const fresh: Lane = { failures: 0, openUntil: 0, probing: undefined };
  lanes.set(owner, fresh);
  return fresh;
}

function begin(): Probing {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { ended, end };
}

function endProbe(of: { probing: Probing | undefined }): void {
  const { probing } = of;
  of.probing = undefined;
  probing?.end();
}

const pauseMs = (before: number): number => Math.min(firstPauseMs * 2 ** before, longestPauseMs);

/**
 * After a probe that failed. At its longest every other pause is short: if the probe was that of an owner whose every call
 * fails, the next owner finds out soon after it, not minutes later.
 */
const probePauseMs = (pauses: number): number => {
  const full = pauseMs(pauses);
  return full === longestPauseMs && pauses % 2 === 1 ? soonMs : full;
};

const refusal = (operation: OperationId, retryAt: number): EsiError =>
  new EsiError("server", operation, "pauses after repeated failures", { retryAt });

export interface Passage {
  /** The one call that finds out whether the group, or the owner's part of it, answers again: it gets a single try. */
  probe: boolean;
  succeeded: () => Promise<void>;
  /** Says until when the whole group pauses, if it does. */
  failed: () => Promise<number | undefined>;
  /** Neither: the call was called off, or refused before it was sent. */
  abandoned: () => Promise<void>;
}

/** Whether the failures since the last success are those of many. */
function isEverybodys({ failing }: Group, now: number): boolean {
  for (const [owner, { at }] of failing) if (now - at > windowMs) failing.delete(owner);
  if (failing.size < fewestOwners) return false;
  return [...failing.values()].reduce((sum, { count }) => sum + Math.min(count, mostOfOne), 0) >= threshold;
}

/** Nobody's own failures are counted while the group is broken, and none from then afterwards. */
function forget(group: Group): void {
  group.lanes.clear();
  group.failing.clear();
}

async function succeed(name: string, group: Group, owner: string): Promise<void> {
  group.lanes.delete(owner);
  group.failing.clear();
  group.waiting.clear();
  await Shared.remove(name);
}

function ordinary(name: string, group: Group, owner: string, lane: Lane, probe: boolean): Passage {
  if (probe) lane.probing = begin();
  const ended = () => probe && endProbe(lane);
  return {
    probe,
    succeeded: async () => {
      Object.assign(lane, { failures: 0, openUntil: 0 });
      ended();
      await succeed(name, group, owner);
    },
    failed: async () => {
      const now = Date.now();
      lane.failures += 1;
      if (lane.failures >= threshold) lane.openUntil = now + pauseMs(lane.failures - threshold);
      ended();
      Shared.watch();
      if (!Shared.find(name)) {
        const { count } = group.failing.get(owner) ?? { count: 0 };
        group.failing.set(owner, { count: count + 1, at: now });
        if (isEverybodys(group, now)) {
          forget(group);
          await Shared.put({ name, until: now + firstPauseMs, pauses: 1 });
        }
      }
      return Shared.find(name)?.until;
    },
    abandoned: async () => void ended(),
  };
}

/** Whether an owner's call may find out: each time that of another owner, so that a broken one keeps nobody out. */
function mayProbe({ waiting }: Group, { until, probed = [] }: Shared.Limit, owner: string, now: number): boolean {
  if (!probed.includes(owner)) return true;
  const waits = ([other, at]: [string, number]) => !probed.includes(other) && now - at < waitingMs;
  return now >= until + graceMs && ![...waiting].some(waits);
}

function probing(name: string, group: Group, open: Shared.Limit, owner: string): Passage {
  const { pauses = 0 } = open;
  const ended = () => endProbe(group);
  return {
    probe: true,
    succeeded: () => succeed(name, group, owner).finally(ended),
    failed: async () => {
      const until = Date.now() + probePauseMs(pauses);
      const { probed = [] } = Shared.find(name) ?? open;
      await Shared.put({ name, until, pauses: pauses + 1, probed }).finally(ended);
      return until;
    },
    abandoned: () => Shared.put(open).finally(ended),
  };
}

/** The call that finds out how the group is, or undefined: another process has found out already. Throws if it is at it. */
async function probe(call: Call, group: Group, open: Shared.Limit): Promise<Passage | undefined> {
  const { name, probed = [] } = open;
  const owner = ownerOf(call);
  const now = Date.now();
  // Once everybody has been the probe they begin anew.
  const next = probed.includes(owner) ? [owner] : [...probed, owner].slice(-mostProbed);
  group.waiting.delete(owner);
  group.probing = begin();
  const isOurs = await Shared.claim({ ...open, probeUntil: now + probeMs, probed: next });
  if (isOurs) return probing(name, group, open, owner);
  endProbe(group);
  if (Shared.find(name)) {
    group.waiting.set(owner, now);
    throw refusal(call.operation, Math.max(Shared.untilOf(name), now + soonMs));
  }
  return undefined;
}

async function enterLane(call: Call, name: string, group: Group): Promise<Passage> {
  const owner = ownerOf(call);
  const lane = laneOf(group, owner);
  while (lane.failures >= threshold) {
    if (lane.openUntil > Date.now()) throw refusal(call.operation, lane.openUntil);
    if (!lane.probing) return ordinary(name, group, owner, lane, true);
    await lane.probing.ended;
  }
  return ordinary(name, group, owner, lane, false);
}

/** Admits a call once the probe under way has ended well; otherwise throws, with the moment of the next probe. */
export async function admit(call: Call): Promise<Passage> {
  await Shared.sync();
  const name = nameOf(call.operation);
  const group = groupOf(name);
  const owner = ownerOf(call);
  for (let open = Shared.find(name); open; open = Shared.find(name)) {
    forget(group);
    const now = Date.now();
    if (open.until <= now && group.probing) {
      await group.probing.ended;
      continue;
    }
    if (open.until > now || !mayProbe(group, open, owner, now)) {
      group.waiting.set(owner, now);
      throw refusal(call.operation, open.until > now ? open.until : now + soonMs);
    }
    const passage = await probe(call, group, open);
    if (passage) return passage;
  }
  return enterLane(call, name, group);
}

/**
 * Until when (epoch ms) a call would be turned away, as far as this process knows; a moment that is past: it would not. Its
 * owner counts as one who waits. A call that may find out how things are is not turned away.
 */
export async function untilOf(call: Call): Promise<number> {
  await Shared.sync();
  const name = nameOf(call.operation);
  const group = groupOf(name);
  const owner = ownerOf(call);
  const open = Shared.find(name);
  const lane = group.lanes.get(owner);
  if (!open) return lane && lane.failures >= threshold ? lane.openUntil : 0;
  const now = Date.now();
  const isProbed = group.probing !== undefined || (open.probeUntil ?? 0) > now;
  if (open.until <= now && !isProbed && mayProbe(group, open, owner, now)) return 0;
  group.waiting.set(owner, now);
  return Math.max(open.until, now + soonMs);
}

export const reset = (): void => groups.clear();
