import { dayMs, isoSeconds, minuteMs } from "../clock.ts";
import { random } from "../random.ts";
import { type Family, whole } from "./endpoint.ts";

/** Downtime ends, and the server starts, at about 11:05 UTC. */
const startMinute = 11 * 60 + 5;

export const status: Family = {
  GetStatus: whole(({ world, nowMs }) => {
    const today = Math.floor(nowMs / dayMs) * dayMs + startMinute * minuteMs;
    const players = random(world.plan.seed, "players", Math.floor(nowMs / minuteMs)).int(14_000, 36_000);
    const start_time = isoSeconds(today > nowMs ? today - dayMs : today);
    return { players, server_version: "3012345", start_time, vip: false };
  }),
};
