import { minuteMs } from "../clock.ts";
import { Names } from "../names/index.ts";
import { type Random, random } from "../random.ts";
import { type SolarSystem, staticData } from "../static-data/index.ts";
import { Corporation } from "./corporation.ts";
import type { CorporationPlan } from "./corporation-plan.ts";
import { Lives } from "./life/lives.ts";
import { type Character, People } from "./people.ts";
import { academyId } from "./roster.ts";

export const tickMs = 5 * minuteMs;
const ticksPerDay = 288;
const allianceId = 99_010_001;
const firstOutsideCorporationId = 98_900_001;

/** A small, a middling and a large corporation, the largest with 100,000 assets and a busy wallet. */
export const defaultPlans: readonly CorporationPlan[] = [
  { members: 3000, assets: 100_000, journalPerDay: 800, historyDays: 365 },
  { members: 400, assets: 12_000, journalPerDay: 160, historyDays: 365 },
  { members: 25, assets: 600, journalPerDay: 24, historyDays: 365 },
];

interface WorldPlan {
  seed: string;
  /** When the world begins; a multiple of the tick. The same seed and epoch give the same world. */
  epochMs: number;
  corporations: readonly CorporationPlan[];
}

export interface Alliance {
  allianceId: number;
  name: string;
  ticker: string;
  creatorId: number;
  creatorCorporationId: number;
  foundedMs: number;
}

/** A corporation of other people: customers, rivals, victims. Only its public face exists. */
export interface OutsideCorporation {
  corporationId: number;
  name: string;
  ticker: string;
  foundedMs: number;
  ceoId: number;
  memberIds: readonly number[];
}

/** One alliance and its corporations, moving in steps of five minutes; a pure function of plan, time and commands. */
export class World {
  readonly plan: WorldPlan;
  readonly people: People;
  readonly lives: Lives;
  readonly alliance: Alliance;
  readonly corporations = new Map<number, Corporation>();
  readonly outside = new Map<number, OutsideCorporation>();
  readonly homeSystems: readonly SolarSystem[];
  /** A pilot of no player corporation. */
  readonly outsider: Character;
  #ticks = 0;

  constructor(plan: WorldPlan) {
    this.plan = plan;
    const draw = random(plan.seed, "world");
    const names = new Names();
    this.people = new People(names);
    this.lives = new Lives(this);
    this.homeSystems = homeRegion(draw);
    this.outsider = this.people.create(draw, academyId, plan.epochMs);
    this.#populateOutside(draw, names);
    const customers = [...this.outside.values()].flatMap(({ memberIds }) => memberIds);
    const { name, ticker } = names.corporation(draw);
    for (const [index, corporationPlan] of plan.corporations.entries()) {
      const corporation = new Corporation(index, corporationPlan, {
        seed: plan.seed,
        epochMs: plan.epochMs,
        people: this.people,
        names,
        homeSystems: this.homeSystems,
        customers,
        outsideCorporationIds: [...this.outside.keys()],
        allianceId,
      });
      this.corporations.set(corporation.corporationId, corporation);
    }
    const [executor] = this.corporations.values();
    if (!executor) throw new Error("A world needs at least one corporation.");
    this.alliance = {
      allianceId,
      name: `${name} Alliance`,
      ticker,
      creatorId: executor.roster.ceoId,
      creatorCorporationId: executor.corporationId,
      foundedMs: executor.foundedMs + 200 * ticksPerDay * tickMs,
    };
    this.#liveThePast();
  }

  /** How far it has come: its latest step. */
  get nowMs(): number {
    return this.plan.epochMs + this.#ticks * tickMs;
  }

  /** Lets everything happen that happens until then; going back is not possible, as in life. */
  advanceTo(nowMs: number): void {
    const due = Math.floor((nowMs - this.plan.epochMs) / tickMs);
    while (this.#ticks < due) {
      this.#ticks += 1;
      const atMs = this.plan.epochMs + this.#ticks * tickMs;
      for (const corporation of this.corporations.values()) corporation.tick(this.#ticks, atMs);
    }
  }

  corporationOf(characterId: number): Corporation | undefined {
    return this.corporations.get(this.people.get(characterId)?.corporationId ?? 0);
  }

  #liveThePast(): void {
    for (const [index, corporation] of [...this.corporations.values()].entries()) {
      const days = this.plan.corporations[index]?.historyDays ?? 0;
      for (let tick = -days * ticksPerDay; tick < 0; tick += 1) {
        corporation.tick(tick, this.plan.epochMs + tick * tickMs);
      }
    }
  }

  #populateOutside(draw: Random, names: Names): void {
    for (let index = 0; index < 6; index += 1) {
      const corporationId = firstOutsideCorporationId + index;
      const memberIds = Array.from(
        { length: draw.int(12, 40) },
        () => this.people.create(draw, corporationId, this.plan.epochMs).characterId,
      );
      this.outside.set(corporationId, {
        corporationId,
        ...names.corporation(draw),
        foundedMs: this.plan.epochMs - draw.int(300, 5000) * ticksPerDay * tickMs,
        ceoId: memberIds[0] as number,
        memberIds,
      });
    }
  }
}

/** The systems of one unclaimed null-security region, as player alliances live in. */
function homeRegion(draw: Random): SolarSystem[] {
  const { systems, regions } = staticData();
  const byRegion = new Map<number, SolarSystem[]>();
  for (const system of systems.values()) {
    const region = regions.get(system.regionId);
    // Ids from 31,000,000 on are wormholes and test systems; a faction's own space cannot be claimed.
    if (system.systemId >= 31_000_000 || system.security > 0 || !region || region.factionId) continue;
    const known = byRegion.get(system.regionId);
    if (known) known.push(system);
    else byRegion.set(system.regionId, [system]);
  }
  return draw.pick([...byRegion.values()].filter((region) => region.length >= 60));
}
