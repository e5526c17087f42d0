import { dayMs, hourMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { staticData } from "../static-data/index.ts";
import { moonIdOf, planetIdOf } from "./celestial.ts";
import { type Department, idsOf, type Setting } from "./department.ts";
import { Rows } from "./rows.ts";

export interface Starbase {
  starbaseId: number;
  typeId: number;
  systemId: number;
  moonId: number;
  state: "online" | "offline" | "reinforced";
  onlinedMs: number;
  reinforcedUntilMs: number | undefined;
  fuelBlocks: number;
  strontium: number;
}

export interface Skyhook {
  skyhookId: number;
  planetId: number;
  state: "ShieldVulnerable" | "ArmorReinforced";
  reinforcedUntilMs: number | undefined;
  vulnerableFromMs: number;
  workforce: number;
  gas: number;
  lastCycleMs: number;
}

export interface SovereigntyHub {
  hubId: number;
  systemId: number;
  gas: number;
  ice: number;
  updatedMs: number;
  upgradeTypeIds: readonly number[];
  workforce: number;
}

export interface CustomsOffice {
  officeId: number;
  systemId: number;
  taxRate: number;
  reinforceHour: number;
  allowsAlliance: boolean;
}

const controlTowerGroupId = 365;
const upgradeCategoryId = 39;
const fuelPerHour = 40;
export const gasPerHour = 220;
export const icePerHour = 90;
const refillBlocks = 9000;
const hubRefill = 60_000;
const ticksPerHour = 12;

const inGroup = (groupId: number) => [...staticData().types.values()].filter((type) => type.groupId === groupId);
const inCategory = (id: number) => [...staticData().types.values()].filter((type) => type.categoryId === id);

/** What a corporation has in space besides its Upwell structures. */
export class Holdings implements Department {
  readonly starbases = new Rows<Starbase>();
  readonly skyhooks = new Rows<Skyhook>();
  readonly hubs = new Rows<SovereigntyHub>();
  readonly customsOffices = new Rows<CustomsOffice>();
  #ticks = 0;

  constructor(random: Random, setting: Setting) {
    const count = Math.ceil(setting.memberCount / 100);
    const systems = setting.homeSystems;
    const nowMs = setting.epochMs;
    for (let index = 0; index < count; index += 1) {
      const { systemId } = random.pick(systems);
      const starbaseId = idsOf(1_030_000_000_000, setting) + index;
      const moonId = moonIdOf(systemId, index);
      this.starbases.set(starbaseId, drawStarbase(random, starbaseId, systemId, moonId, nowMs));
      const skyhookId = idsOf(1_036_000_000_000, setting) + index;
      this.skyhooks.set(skyhookId, drawSkyhook(random, skyhookId, planetIdOf(systemId, index), nowMs));
      const officeId = idsOf(1_037_000_000_000, setting) + index;
      this.customsOffices.set(officeId, drawOffice(random, officeId, systemId));
    }
    for (const [index, { systemId }] of systems.slice(0, Math.min(systems.length, count)).entries()) {
      const hubId = idsOf(1_038_000_000_000, setting) + index;
      this.hubs.set(hubId, drawHub(random, hubId, systemId, nowMs));
    }
  }

  tick(random: Random, atMs: number): void {
    this.#ticks += 1;
    for (const starbase of this.starbases.values()) this.#attack(random, starbase, atMs);
    if (this.#ticks % ticksPerHour === 0) this.#burn(random, atMs);
  }

  #attack(random: Random, starbase: Starbase, atMs: number): void {
    const { starbaseId, reinforcedUntilMs } = starbase;
    if (reinforcedUntilMs !== undefined && reinforcedUntilMs <= atMs) {
      this.starbases.set(starbaseId, {
        ...starbase,
        state: "online",
        onlinedMs: atMs,
        reinforcedUntilMs: undefined,
      });
    } else if (starbase.state === "online" && random.chance(0.0002)) {
      const until = atMs + random.int(12, 41) * hourMs;
      this.starbases.set(starbaseId, { ...starbase, state: "reinforced", reinforcedUntilMs: until });
    }
  }

  /** An hour's fuel; someone refills what runs low. */
  #burn(random: Random, atMs: number): void {
    for (const starbase of this.starbases.values()) {
      const left = starbase.fuelBlocks - fuelPerHour;
      const fuelBlocks = left > 0 ? left : random.chance(0.1) ? refillBlocks : 0;
      this.starbases.set(starbase.starbaseId, {
        ...starbase,
        fuelBlocks,
        state: fuelBlocks === 0 ? "offline" : starbase.state === "offline" ? "online" : starbase.state,
      });
    }
    for (const hub of this.hubs.values()) {
      const gas = Math.max(0, hub.gas - gasPerHour);
      const ice = Math.max(0, hub.ice - icePerHour);
      const isRefilled = gas < hubRefill / 4 && random.chance(0.1);
      this.hubs.set(hub.hubId, {
        ...hub,
        gas: isRefilled ? gas + hubRefill : gas,
        ice: isRefilled ? ice + hubRefill / 2 : ice,
        updatedMs: atMs,
      });
    }
    for (const skyhook of this.skyhooks.values()) this.#cycle(random, skyhook, atMs);
  }

  #cycle(random: Random, skyhook: Skyhook, atMs: number): void {
    const isOver = skyhook.reinforcedUntilMs !== undefined && skyhook.reinforcedUntilMs <= atMs;
    // What piles up is fetched now and then, by its owners or by thieves.
    const gas = random.chance(0.01) ? 0 : skyhook.gas + random.int(80, 160);
    this.skyhooks.set(skyhook.skyhookId, {
      ...skyhook,
      gas,
      lastCycleMs: atMs,
      ...(isOver ? { state: "ShieldVulnerable", reinforcedUntilMs: undefined } : {}),
      ...(random.chance(0.0005) && !isOver
        ? { state: "ArmorReinforced", reinforcedUntilMs: atMs + random.int(24, 60) * hourMs }
        : {}),
      vulnerableFromMs: skyhook.vulnerableFromMs + hourMs < atMs ? atMs + 3 * dayMs : skyhook.vulnerableFromMs,
    });
  }
}

function drawStarbase(random: Random, starbaseId: number, systemId: number, moonId: number, nowMs: number): Starbase {
  return {
    starbaseId,
    typeId: random.pick(inGroup(controlTowerGroupId)).typeId,
    systemId,
    moonId,
    state: "online",
    onlinedMs: nowMs - random.int(10, 2000) * dayMs,
    reinforcedUntilMs: undefined,
    fuelBlocks: random.int(500, refillBlocks),
    strontium: random.int(2000, 16_000),
  };
}

function drawSkyhook(random: Random, skyhookId: number, planetId: number, nowMs: number): Skyhook {
  return {
    skyhookId,
    planetId,
    state: "ShieldVulnerable",
    reinforcedUntilMs: undefined,
    vulnerableFromMs: nowMs + random.int(1, 72) * hourMs,
    workforce: random.int(1000, 9000),
    gas: random.int(0, 20_000),
    lastCycleMs: nowMs - (nowMs % hourMs),
  };
}

function drawHub(random: Random, hubId: number, systemId: number, nowMs: number): SovereigntyHub {
  return {
    hubId,
    systemId,
    gas: random.int(20_000, 90_000),
    ice: random.int(10_000, 50_000),
    updatedMs: nowMs,
    upgradeTypeIds: random.sample(inCategory(upgradeCategoryId), random.int(1, 4)).map(({ typeId }) => typeId),
    workforce: random.int(4000, 30_000),
  };
}

function drawOffice(random: Random, officeId: number, systemId: number): CustomsOffice {
  return {
    officeId,
    systemId,
    taxRate: random.int(1, 12) / 100,
    reinforceHour: random.int(0, 23),
    allowsAlliance: random.chance(0.8),
  };
}
