import { dayMs } from "../clock.ts";
import type { Names } from "../names/index.ts";
import { hash, random } from "../random.ts";
import { type SolarSystem, type StaticData, staticData } from "../static-data/index.ts";
import type { Site } from "./asset.ts";
import type { CorporationPlan } from "./corporation-plan.ts";
import type { Department } from "./department.ts";
import { type Departments, openDepartments } from "./departments.ts";
import { Hangar } from "./hangar.ts";
import type { People } from "./people.ts";
import { Roster } from "./roster.ts";
import { Structures } from "./structure.ts";
import { tradeHubs } from "./trade-hub.ts";
import { Wallet } from "./wallet.ts";

/** What the world around it gives a corporation. */
interface Surroundings {
  seed: string;
  epochMs: number;
  people: People;
  names: Names;
  /** Systems of the alliance's home region. */
  homeSystems: readonly SolarSystem[];
  customers: readonly number[];
  outsideCorporationIds: readonly number[];
  allianceId: number;
}

const firstCorporationId = 98_000_001;
/** Ids that tell one corporation's items and structures from the next one's. */
const idsPerCorporation = 10_000_000;

/** A player corporation with everything that its directors can read. */
export class Corporation {
  readonly corporationId: number;
  readonly index: number;
  name: string;
  ticker: string;
  readonly foundedMs: number;
  readonly homeStationId: number;
  taxRate: number;
  allianceId: number | undefined;
  /** Nobody is left in it, and nothing happens there any more. */
  isClosed = false;
  /** Nothing happens there by itself. */
  isResting = false;
  readonly structures: Structures;
  readonly roster: Roster;
  readonly wallet: Wallet;
  readonly hangar: Hangar;
  readonly departments: Departments;
  /** Every part that lives by itself, with a stream of chance of its own. */
  readonly #living: readonly { stream: number; department: Department }[];

  constructor(index: number, plan: CorporationPlan, around: Surroundings) {
    const { seed, epochMs, people, homeSystems } = around;
    const draw = random(seed, "corporation", index);
    this.index = index;
    this.corporationId = firstCorporationId + index;
    ({ name: this.name, ticker: this.ticker } = around.names.corporation(draw));
    this.foundedMs = epochMs - draw.int(900, 6000) * dayMs;
    this.taxRate = draw.int(2, 20) / 100;
    this.allianceId = around.allianceId;
    const size = Math.max(0, Math.log10(Math.max(1, plan.assets)) - 1);
    const structureCount = Math.max(2, Math.round(plan.members / 75));
    const firstStructureId = 1_035_000_000_000 + index * idsPerCorporation;
    this.structures = new Structures(draw, firstStructureId, structureCount, homeSystems.slice(0, 24), epochMs);
    const stationIds = pickStations(draw.int(0, 1e6), Math.round(size * 2), staticData());
    this.homeStationId = stationIds[0] as number;
    const places = [...this.structures.rows.list().map(({ structureId }) => structureId), ...stationIds];
    this.roster = new Roster(random(seed, "roster", index), plan.members, {
      corporationId: this.corporationId,
      people,
      places,
      foundedMs: this.foundedMs,
      nowMs: epochMs,
    });
    const firstItemId = 1_040_000_000_000 + index * idsPerCorporation;
    this.hangar = new Hangar(random(seed, "hangar", index), firstItemId, plan.assets, this.#sites(stationIds));
    this.wallet = new Wallet({
      seed,
      index,
      entriesPerDay: plan.journalPerDay,
      wealthIsk: 150e6 * plan.members,
      traffic: {
        corporationId: this.corporationId,
        members: (from) => this.roster.pick(from),
        customers: around.customers,
        npcIds: [1_000_035, 1_000_167, 1_000_125],
        stationIds: tradeHubs(),
        systemIds: homeSystems.map(({ systemId }) => systemId),
        structureIds: this.structures.rows.list().map(({ structureId }) => structureId),
      },
    });
    this.departments = openDepartments(plan, {
      seed,
      index,
      corporationId: this.corporationId,
      allianceId: this.allianceId,
      epochMs,
      memberCount: plan.members,
      pickMember: (from) => this.roster.pick(from),
      customers: around.customers,
      outsideCorporationIds: around.outsideCorporationIds,
      homeSystems,
      structures: this.structures,
      hangar: this.hangar,
    });
    const { roster, hangar, structures } = this;
    this.#living = Object.entries({ roster, hangar, structures, ...this.departments }).map(([name, department]) => ({
      stream: hash(seed, index, name),
      department,
    }));
  }

  /** Everybody leaves, and the game closes it. Its past stays as it was. */
  close(): void {
    this.isClosed = true;
    this.allianceId = undefined;
    for (const { characterId } of this.roster.members.list()) this.roster.leave(characterId);
  }

  /** One step of five minutes; wallet steps below zero are the past that the world begins with. */
  tick(tick: number, atMs: number): void {
    if (this.isClosed || this.isResting) return;
    this.wallet.tick(tick, atMs);
    if (tick < 0) return;
    for (const { stream, department } of this.#living) department.tick(random(stream, tick), atMs);
  }

  #sites(stationIds: readonly number[]): Site[] {
    const structures = this.structures.rows.list().map(
      ({ structureId, systemId, typeId, name }, index): Site => ({
        locationId: structureId,
        locationType: "item",
        hasOffice: index < 8,
        ownStructure: { systemId, typeId, name },
      }),
    );
    const stations = stationIds.map((locationId): Site => ({ locationId, locationType: "station", hasOffice: true }));
    return [...stations.slice(0, 1), ...structures, ...stations.slice(1)];
  }
}

/** Trade hubs first, as corporations rent their offices; then stations drawn from all. */
function pickStations(offset: number, count: number, { stations }: StaticData): number[] {
  const all = [...stations.keys()];
  const others = Array.from({ length: count }, (_, index) => all[(offset + index * 577) % all.length] as number);
  return [...new Set([...tradeHubs().slice(0, 1 + Math.floor(count / 3)), ...others])].slice(0, Math.max(1, count));
}
