import { dayMs, hourMs, minuteMs } from "../../clock.ts";
import type { Random } from "../../random.ts";

/** What kind of player somebody is. */
export interface Habits {
  /** Chance of playing on a day. */
  activity: number;
  /** The hour of the day, UTC, about which they log in. */
  hour: number;
  /** Most train; some have paused their queue, some never filled it. */
  training: "running" | "paused" | "empty";
  /** A clone without a subscription: higher levels are trained but not active. */
  isAlpha: boolean;
  wealthIsk: number;
}

export function drawHabits(draw: Random): Habits {
  const roll = draw.next();
  return {
    activity: draw.chance(0.1) ? 0.05 : 0.4 + draw.next() * 0.58,
    hour: draw.int(0, 23),
    training: roll < 0.05 ? "paused" : roll < 0.1 ? "empty" : "running",
    isAlpha: draw.chance(0.15),
    wealthIsk: draw.skewed(5e6, 20e9),
  };
}

export interface Session {
  startMs: number;
  endMs: number;
}

const shortestMs = 20 * minuteMs;

/** When they play on a day that begins at `dayStartMs`: up to two sessions, none of them past midnight. */
export function drawSessions(draw: Random, dayStartMs: number, { activity, hour }: Habits): Session[] {
  if (!draw.chance(activity)) return [];
  const lastMs = dayStartMs + dayMs - minuteMs;
  const wantedMs = dayStartMs + (hour + draw.next() * 4 - 2) * hourMs;
  const startMs = Math.round(Math.min(lastMs - shortestMs, Math.max(dayStartMs, wantedMs)));
  const first = { startMs, endMs: Math.min(lastMs, startMs + draw.int(20, 240) * minuteMs) };
  const againMs = first.endMs + draw.int(30, 180) * minuteMs;
  if (!draw.chance(0.3) || againMs + shortestMs > lastMs) return [first];
  return [first, { startMs: againMs, endMs: Math.min(lastMs, againMs + draw.int(20, 120) * minuteMs) }];
}
