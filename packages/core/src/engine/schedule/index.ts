import { inDowntime } from "../../eve/esi/downtime.ts";
import * as Esi from "../../eve/esi/index.ts";
import type { Owner } from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import * as Log from "../../platform/log/index.ts";
import { paces } from "../agenda/agenda.entity.ts";
import * as Agenda from "../agenda/index.ts";
import { sendNow } from "../refresh/index.ts";
import * as State from "../state/index.ts";
import { type Dispatched, dispatch, type Paces } from "./dispatch.ts";
import { inTurns } from "./plan.ts";

/** A round ends well before the next one begins. */
const longestRoundMs = 25_000;

/**
 * A fetcher works again: what nobody could fetch is fetched at once. The messages are sent directly, since the next round
 * may be a minute away and looks at what it knew before.
 */
export async function resume(owner: Owner): Promise<void> {
  Actor.assertSystem();
  const blocked = (await State.list(owner)).filter((state) => state.blocked);
  await Promise.all(blocked.map((state) => State.hasten(state, state.staleAt ?? 0)));
  await sendNow(
    owner,
    blocked.map(({ dataset }) => dataset),
    "schedule",
  );
}

export type Tick = Omit<Dispatched, "paces">;

const nothing: Tick = { owners: 0, due: 0, sent: 0, byTier: { P0: 0, P1: 0, P2: 0, P3: 0 } };

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
  const [rows, before] = await Promise.all([Agenda.readAll(), readPaces()]);
  const awake = inTurns(rows.filter((row) => row.wakeAt <= now));
  const { paces: after, ...result } = await dispatch(awake, { now, until: now + longestRoundMs, paces: before });
  if (JSON.stringify(after) !== JSON.stringify(before)) await paces().put({ paces: after }).go();
  Log.info("tick", { ...result });
  return result;
}

/** Sends what one owner has due at once, for somebody who has just added it. */
export async function dispatchNow(owner: Owner): Promise<Tick> {
  Actor.assertSystem();
  const row = await Agenda.find(owner);
  const now = Date.now();
  const { paces: _, ...result } = await dispatch(row ? [row] : [], { now, until: now + longestRoundMs, paces: {} });
  return result;
}
