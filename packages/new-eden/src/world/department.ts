import type { Random } from "../random.ts";
import type { SolarSystem } from "../static-data/index.ts";
import type { Hangar } from "./hangar.ts";
import type { Structures } from "./structure.ts";

/** What a part of a corporation's life knows of the rest of it. */
export interface Setting {
  seed: string;
  /** Tells this corporation's ids from the next one's. */
  index: number;
  corporationId: number;
  allianceId: number;
  epochMs: number;
  memberCount: number;
  pickMember: (random: Random) => number;
  /** Pilots of other corporations. */
  customers: readonly number[];
  outsideCorporationIds: readonly number[];
  homeSystems: readonly SolarSystem[];
  structures: Structures;
  hangar: Hangar;
}

/** A part of a corporation's life that goes on by itself, five minutes at a time. */
export interface Department {
  tick(random: Random, atMs: number): void;
}

/** Ids of one kind for one corporation: a million each. */
export const idsOf = (base: number, { index }: Setting): number => base + index * 1_000_000;
