import type { Tone } from "../ui/badge.tsx";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Below this somebody has to bring fuel. */
export const FUEL_LOW_MS = 3 * DAY_MS;
const FUEL_SOON_MS = 10 * DAY_MS;
/** A full bar: a month of fuel is what careful people keep. */
export const FUEL_FULL_MS = 30 * DAY_MS;

export function fuelTone(leftMs: number): Tone {
  if (leftMs < FUEL_LOW_MS) return "failed";
  return leftMs < FUEL_SOON_MS ? "stale" : "fresh";
}

/** Fuel blocks that a control tower burns in an hour, by the size in its name; those of factions burn up to a fifth less. */
export function blocksPerHour(towerName: string): number {
  if (/\bsmall\b/i.test(towerName)) return 10;
  return /\bmedium\b/i.test(towerName) ? 20 : 40;
}

/** How long a control tower's blocks last. */
export const towerFuelMs = (towerName: string, blocks: number) => (blocks / blocksPerHour(towerName)) * HOUR_MS;

export interface Service {
  name: string;
  online: boolean;
}

/** `Moon Drilling (online), Reprocessing (offline)` as it is stored. */
export function parseServices(text: string | undefined): Service[] {
  return (text ?? "").split(", ").flatMap((part) => {
    const [, name, state] = /^(.+) \((\w+)\)$/.exec(part) ?? [];
    return name ? [{ name, online: state === "online" }] : [];
  });
}

/** States in which somebody shoots at it, or has. */
export const isReinforced = (state: string | undefined) =>
  /reinforce|armor_vulnerable|hull_vulnerable/i.test(state ?? "");

export function stateTone(state: string | undefined): Tone {
  if (isReinforced(state)) return "failed";
  if (/anchor|deploy|fitting|onlin(?!e$)|offline|unknown/i.test(state ?? "")) return "stale";
  return "fresh";
}
