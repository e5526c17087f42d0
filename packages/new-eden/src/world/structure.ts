import { dayMs, hourMs } from "../clock.ts";
import type { Random } from "../random.ts";
import type { Position, SolarSystem } from "../static-data/index.ts";
import { Rows } from "./rows.ts";

export interface Structure {
  structureId: number;
  name: string;
  typeId: number;
  systemId: number;
  position: Position;
  profileId: number;
  reinforceHour: number;
  services: readonly string[];
  /** Undefined once it has run dry. */
  fuelExpiresMs: number | undefined;
  state: "shield_vulnerable" | "armor_reinforce" | "hull_reinforce" | "anchoring";
  stateStartMs: number | undefined;
  stateEndMs: number | undefined;
}

const kinds = [
  { typeId: 35_832, weight: 30, services: ["Clone Bay"], label: "Staging" },
  { typeId: 35_833, weight: 8, services: ["Clone Bay", "Market"], label: "Fortress" },
  { typeId: 35_825, weight: 18, services: ["Manufacturing (Standard)"], label: "Workshop" },
  {
    typeId: 35_826,
    weight: 7,
    services: ["Manufacturing (Standard)", "Invention", "Blueprint Copying"],
    label: "Yard",
  },
  { typeId: 35_835, weight: 28, services: ["Moon Drilling", "Reprocessing"], label: "Drill" },
  { typeId: 35_836, weight: 6, services: ["Moon Drilling", "Reprocessing", "Composite Reactions"], label: "Refinery" },
  { typeId: 35_834, weight: 1, services: ["Clone Bay", "Market", "Manufacturing (Capitals)"], label: "Keep" },
];

/** Refineries: the ones that can drill a moon. */
export const refineryTypeIds: ReadonlySet<number> = new Set([35_835, 35_836]);

/** The Upwell structures of one corporation: they burn fuel, are refuelled, and are shot at now and then. */
export class Structures {
  readonly rows = new Rows<Structure>();

  constructor(random: Random, firstId: number, count: number, systems: readonly SolarSystem[], nowMs: number) {
    for (let index = 0; index < count; index += 1) {
      const system = random.pick(systems);
      // A home with a market, then a moon drill: even the smallest corporation has a place to live and to mine.
      const kind = [kinds[1], kinds[4]][index] ?? random.weighted(kinds);
      const structureId = firstId + index * 7 + random.int(0, 6);
      this.rows.set(structureId, {
        structureId,
        name: `${system.name} - ${kind.label} ${index + 1}`,
        typeId: kind.typeId,
        systemId: system.systemId,
        position: { x: random.int(-9e11, 9e11), y: random.int(-9e10, 9e10), z: random.int(-9e11, 9e11) },
        profileId: 100_000 + random.int(1, 3),
        reinforceHour: random.int(0, 23),
        services: kind.services,
        fuelExpiresMs: nowMs + random.int(2, 28 * 24) * hourMs,
        state: "shield_vulnerable",
        stateStartMs: undefined,
        stateEndMs: undefined,
      });
    }
  }

  tick(random: Random, atMs: number): void {
    for (const structure of this.rows.values()) {
      const next = this.#next(structure, random, atMs);
      if (next) this.rows.set(structure.structureId, next);
    }
  }

  #next(structure: Structure, random: Random, atMs: number): Structure | undefined {
    const { fuelExpiresMs, stateEndMs } = structure;
    if (stateEndMs !== undefined && stateEndMs <= atMs) {
      return { ...structure, state: "shield_vulnerable", stateStartMs: undefined, stateEndMs: undefined };
    }
    if (fuelExpiresMs === undefined) {
      return random.chance(0.02) ? { ...structure, fuelExpiresMs: atMs + random.int(10, 30) * dayMs } : undefined;
    }
    if (fuelExpiresMs <= atMs) return { ...structure, fuelExpiresMs: undefined };
    // Someone refuels before it runs dry, mostly.
    if (fuelExpiresMs - atMs < 2 * dayMs && random.chance(0.004)) {
      return { ...structure, fuelExpiresMs: fuelExpiresMs + random.int(7, 30) * dayMs };
    }
    if (stateEndMs === undefined && random.chance(0.00002)) {
      const state = random.chance(0.6) ? "armor_reinforce" : "hull_reinforce";
      return { ...structure, state, stateStartMs: atMs, stateEndMs: atMs + random.int(18, 60) * hourMs };
    }
    return undefined;
  }
}
