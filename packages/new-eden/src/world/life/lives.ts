import { staticData } from "../../static-data/index.ts";
import type { People } from "../people.ts";
import type { Structure } from "../structure.ts";
import { tradeHubs } from "../trade-hub.ts";
import { Life } from "./life.ts";
import type { Dock } from "./whereabouts.ts";

/** Where somebody docks: their corporation's structures, if it has any, and the trade hubs. */
function docksOf(structures: readonly Structure[]): Dock[] {
  return [
    ...structures
      .slice(0, 3)
      .map(({ structureId, systemId }) => ({ locationId: structureId, kind: "structure" as const, systemId })),
    ...tradeHubs().map((stationId) => ({
      locationId: stationId,
      kind: "station" as const,
      systemId: staticData().stations.get(stationId)?.systemId ?? 0,
    })),
  ];
}

/** What of the world a life is made from. */
interface Surroundings {
  plan: { seed: string; epochMs: number };
  people: Pick<People, "get">;
  homeSystems: readonly { systemId: number }[];
  outside: ReadonlyMap<number, { memberIds: readonly number[] }>;
  corporations: ReadonlyMap<number, { structures: { rows: { list: () => readonly Structure[] } } }>;
}

/** The lives of those somebody has asked about; each is a pure function of seed, pilot, time and commands. */
export class Lives {
  readonly #byId = new Map<number, Life>();
  readonly #world: Surroundings;
  #customers: readonly number[] | undefined;

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** A pilot's life as of now; undefined: there is no such pilot. */
  at(characterId: number, nowMs: number): Life | undefined {
    const life = this.#byId.get(characterId) ?? this.#open(characterId);
    life?.advanceTo(nowMs);
    return life;
  }

  #open(characterId: number): Life | undefined {
    const character = this.#world.people.get(characterId);
    if (!character) return undefined;
    this.#customers ??= [...this.#world.outside.values()].flatMap(({ memberIds }) => memberIds);
    const structures = this.#structuresOf(character.firstCorporationId);
    const life = new Life({
      seed: this.#world.plan.seed,
      epochMs: this.#world.plan.epochMs,
      character,
      docks: docksOf(structures),
      structures,
      systemIds: this.#world.homeSystems.map(({ systemId }) => systemId),
      customers: this.#customers,
    });
    this.#byId.set(characterId, life);
    return life;
  }

  /** A corporation's structures as they were built: what changes about them is not told here. */
  #structuresOf(corporationId: number): readonly Structure[] {
    return this.#world.corporations.get(corporationId)?.structures.rows.list() ?? [];
  }
}
