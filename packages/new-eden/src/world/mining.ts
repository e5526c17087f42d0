import { dayMs, hourMs, isoDate } from "../clock.ts";
import type { Random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import { moonIdOf } from "./celestial.ts";
import type { Department, Setting } from "./department.ts";
import { Rows } from "./rows.ts";
import { refineryTypeIds } from "./structure.ts";

export interface Extraction {
  structureId: number;
  moonId: number;
  startMs: number;
  arrivalMs: number;
  /** The chunk breaks up by itself when nobody fires the laser. */
  decayMs: number;
}

export interface LedgerEntry {
  day: string;
  characterId: number;
  recordedCorporationId: number;
  typeId: number;
  quantity: number;
}

const keptDays = 30;

/** Moon drills and what was mined under their eyes, by pilot, ore and day. */
export class Mining implements Department {
  readonly extractions = new Rows<Extraction>();
  readonly #ledgers = new Map<number, Rows<LedgerEntry>>();
  readonly #setting: Setting;
  /** Which entry a pilot's ore of a day is added to. */
  readonly #entryIds = new Map<string, number>();
  #lastEntryId = 0;
  #today = "";

  constructor(random: Random, setting: Setting) {
    this.#setting = setting;
    for (const { structureId, systemId, typeId } of setting.structures.rows.list()) {
      if (!refineryTypeIds.has(typeId)) continue;
      this.#ledgers.set(structureId, new Rows());
      const moonId = moonIdOf(systemId, this.#ledgers.size);
      this.#drill(random, structureId, moonId, setting.epochMs - random.int(0, 13) * dayMs);
    }
    for (let day = keptDays - 1; day >= 0; day -= 1) {
      for (let left = Math.ceil(setting.memberCount / 8); left > 0; left -= 1) {
        this.#mine(random, setting.epochMs - day * dayMs);
      }
    }
  }

  observerIds(): number[] {
    return [...this.#ledgers.keys()];
  }

  ledger(observerId: number): Rows<LedgerEntry> | undefined {
    return this.#ledgers.get(observerId);
  }

  tick(random: Random, atMs: number): void {
    for (const { structureId, moonId, decayMs } of this.extractions.list()) {
      if (decayMs <= atMs) this.#drill(random, structureId, moonId, decayMs);
    }
    for (let left = random.count(this.#setting.memberCount / 1500); left > 0; left -= 1) this.#mine(random, atMs);
    if (isoDate(atMs) !== this.#today) this.#forget(atMs);
  }

  #drill(random: Random, structureId: number, moonId: number, startMs: number): void {
    const arrivalMs = startMs + random.int(6 * 24, 14 * 24) * hourMs;
    this.extractions.set(structureId, { structureId, moonId, startMs, arrivalMs, decayMs: arrivalMs + 3 * hourMs });
  }

  #mine(random: Random, atMs: number): void {
    const observers = this.observerIds();
    if (observers.length === 0) return;
    const { corporationId, pickMember, customers, outsideCorporationIds } = this.#setting;
    const observerId = random.pick(observers);
    // A guest from outside now and then, recorded under another corporation.
    const isGuest = random.chance(0.08);
    const characterId = isGuest ? random.pick(customers) : pickMember(random);
    const typeId = random.pick(goods().moonOres).typeId;
    const day = isoDate(atMs);
    const key = `${observerId} ${characterId} ${typeId} ${day}`;
    const rows = this.#ledgers.get(observerId);
    const known = this.#entryIds.get(key);
    const id = known ?? this.#lastEntryId + 1;
    this.#lastEntryId = Math.max(this.#lastEntryId, id);
    this.#entryIds.set(key, id);
    rows?.set(id, {
      day,
      characterId,
      recordedCorporationId: isGuest ? (outsideCorporationIds[0] ?? corporationId) : corporationId,
      typeId,
      quantity: (rows.get(id)?.quantity ?? 0) + random.skewed(500, 60_000),
    });
  }

  #forget(atMs: number): void {
    this.#today = isoDate(atMs);
    const oldest = isoDate(atMs - keptDays * dayMs);
    for (const [key, id] of this.#entryIds) {
      const [observerId, , , day] = key.split(" ");
      if ((day as string) >= oldest) continue;
      this.#entryIds.delete(key);
      this.#ledgers.get(Number(observerId))?.delete(id);
    }
  }
}
