import * as Actor from "../actor/index.ts";
import type { Tier } from "../corporation/index.ts";
import { inDowntime } from "../esi/downtime.ts";
import * as Esi from "../esi/index.ts";
import * as Log from "../log/index.ts";
import * as State from "../refresh/state.ts";
import { slowedBy } from "./cadence.ts";
import { dispatch, type Paces, type Round, sendNow } from "./dispatch.ts";
import { inTurns } from "./plan.ts";
import * as Rows from "./rows.ts";
import { paces } from "./schedule.entity.ts";

/** A round ends well before the next one begins. */
const longestRoundMs = 25_000;

/**
 * Starts scheduling a corporation that was registered at `addedAt`, or has it looked at anew. What was out is forgotten: a
 * duplicate does nothing.
 */
export async function wake(corporationId: number, tier: Tier, addedAt?: number): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  const since = addedAt === undefined ? {} : { since: addedAt };
  await Rows.put({ corporationId, tier, wakeAt: now, sent: {}, viewedAt: now, ...since });
}

/** Stops scheduling a corporation, unless it has been registered anew after `removedAt`. */
export async function remove(corporationId: number, removedAt: number): Promise<void> {
  Actor.assertSystem();
  await Rows.remove(corporationId, removedAt);
}

export interface Standing {
  tier: Tier;
  /** What is out: dataset -> when it was to arrive in its queue (epoch ms). */
  sent: Record<string, number>;
  /** Nobody has looked for days: it is refreshed more slowly, on purpose. */
  slowed: boolean;
}

/** How a corporation stands in the schedule; undefined: it is not scheduled. */
export async function standingOf(corporationId: number): Promise<Standing | undefined> {
  // For callers that have checked that the asking user may see the corporation.
  const row = await Rows.find(corporationId);
  return row && { tier: row.tier, sent: row.sent, slowed: slowedBy(row.viewedAt, Date.now()) > 1 };
}

/** Looks are written down this often; nothing depends on the minute. */
const lookEveryMs = 10 * 60_000;
const looks = new Map<number, number>();

/**
 * Somebody has the corporation before them. One that was refreshed more slowly because nobody had looked for days is at
 * once scheduled as its tier says.
 */
export async function viewed(corporationId: number): Promise<void> {
  // For callers that have checked that the asking user may see the corporation.
  const now = Date.now();
  if (now - (looks.get(corporationId) ?? 0) < lookEveryMs) return;
  looks.set(corporationId, now);
  const before = await Rows.noteLook(corporationId, now, now - lookEveryMs);
  if (slowedBy(before, now) > 1) await Rows.hasten(corporationId, now);
}

/** A worker was left with something that will not wait for company: the next round after `at` looks at it. */
export async function lookBy(corporationId: number, at: number): Promise<void> {
  Actor.assertSystem();
  await Rows.hasten(corporationId, at);
}

/**
 * A director works again: what nobody could fetch is fetched at once. The messages are sent directly, since the next round
 * may be a minute away and looks at what it knew before.
 */
export async function resume(corporationId: number): Promise<void> {
  Actor.assertSystem();
  const blocked = (await State.list(corporationId)).filter((state) => state.blocked);
  await Promise.all(blocked.map((state) => State.hasten(state, state.staleAt ?? 0)));
  await sendNow(corporationId, blocked, "schedule");
}

export { sendNow } from "./dispatch.ts";

/** Every registered corporation, and since when nothing is fetched of it. */
export async function corporations(): Promise<Pick<Rows.Row, "corporationId" | "stoppedAt">[]> {
  Actor.assertSystem();
  return Rows.readAll();
}

/** Has nothing fetched of a corporation any more that was registered by then, until it is woken. */
export async function stop(corporationId: number, at: number): Promise<void> {
  Actor.assertSystem();
  await Rows.stop(corporationId, at);
}

export type Tick = Omit<Round, "paces">;

const nothing: Tick = { corporations: 0, due: 0, sent: 0, byTier: { P0: 0, P1: 0, P2: 0, P3: 0 } };

async function readPaces(): Promise<Paces> {
  const { data } = await paces().get({}).go();
  return (data?.paces ?? {}) as Paces;
}

/** Whether EVE is up. Asked only while it may be down: it comes back some minutes after 11:05, on some days later. */
async function isUp(): Promise<boolean> {
  try {
    const { data } = await Esi.request("GetStatus", {});
    return data !== undefined && data.vip !== true;
  } catch (error) {
    if (error instanceof Esi.EsiError) return false;
    throw error;
  }
}

/** The scheduler's round, once a minute: sends what is due, as far as the queues have room. Nothing during the downtime. */
export async function tick(): Promise<Tick> {
  Actor.assertSystem();
  const now = Date.now();
  if (inDowntime(now) && !(await isUp())) return nothing;
  const [rows, before] = await Promise.all([Rows.readAll(), readPaces()]);
  const awake = inTurns(rows.filter((row) => row.wakeAt <= now));
  const { paces: after, ...result } = await dispatch(awake, { now, until: now + longestRoundMs, paces: before });
  if (JSON.stringify(after) !== JSON.stringify(before)) await paces().put({ paces: after }).go();
  Log.info("tick", { ...result });
  return result;
}

/** Sends what one corporation has due at once, for somebody who has just added it. */
export async function dispatchNow(corporationId: number): Promise<Tick> {
  Actor.assertSystem();
  const row = await Rows.find(corporationId);
  const now = Date.now();
  const { paces: _, ...result } = await dispatch(row ? [row] : [], { now, until: now + longestRoundMs, paces: {} });
  return result;
}
