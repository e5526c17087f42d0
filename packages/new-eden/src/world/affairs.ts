import { dayMs } from "../clock.ts";
import type { Random } from "../random.ts";
import { type Department, idsOf, type Setting } from "./department.ts";
import { Rows } from "./rows.ts";

export interface Contact {
  contactId: number;
  contactType: "character" | "corporation" | "alliance" | "faction";
  standing: number;
  labelIds: readonly number[];
}

export interface Medal {
  medalId: number;
  title: string;
  description: string;
  creatorId: number;
  createdMs: number;
}

export interface IssuedMedal {
  medalId: number;
  characterId: number;
  issuerId: number;
  issuedMs: number;
  reason: string;
}

export interface Standing {
  fromId: number;
  fromType: "npc_corp" | "faction";
  standing: number;
}

export interface Shareholder {
  shareholderId: number;
  type: "character" | "corporation";
  count: number;
}

export const contactLabels = ["Allies", "Trade partners", "Shoot on sight"];
const medals = ["Founder", "Logistics wings", "Defender of the home", "Mining fleet", "Hauler of the year"];
const reasons = ["For service beyond duty", "Held the line", "A thousand jumps", "Never late"];
const standingLevels = [-10, -5, 0, 5, 10];
const factionIds = [500_001, 500_002, 500_003, 500_004, 500_010, 500_011];
const npcIds = [1_000_035, 1_000_125, 1_000_167, 1_000_002, 1_000_010];
const totalShares = 1000;

/** Relations to the rest of the world, honours, and who owns the corporation. */
export class Affairs implements Department {
  readonly contacts = new Rows<Contact>();
  readonly standings = new Rows<Standing>();
  readonly medals = new Rows<Medal>();
  readonly issued = new Rows<IssuedMedal>();
  readonly shareholders = new Rows<Shareholder>();
  readonly #setting: Setting;

  constructor(draw: Random, setting: Setting) {
    this.#setting = setting;
    const people = draw.sample(setting.customers, Math.min(60, 3 + Math.floor(setting.memberCount / 20)));
    for (const contactId of people) this.#befriend(draw, contactId, "character");
    for (const contactId of setting.outsideCorporationIds) this.#befriend(draw, contactId, "corporation");
    for (const fromId of factionIds) this.#rate(draw, fromId, "faction");
    for (const fromId of npcIds) this.#rate(draw, fromId, "npc_corp");
    for (const [index, title] of medals.entries()) {
      const medalId = idsOf(100_000, setting) + index;
      this.medals.set(medalId, {
        medalId,
        title,
        description: `${title}, given by the directors.`,
        creatorId: setting.pickMember(draw),
        createdMs: setting.epochMs - draw.int(100, 800) * dayMs,
      });
    }
    for (let left = Math.ceil(setting.memberCount / 10); left > 0; left -= 1) {
      this.#honour(draw, setting.epochMs - draw.int(0, 90) * dayMs);
    }
    this.#share(draw);
  }

  tick(draw: Random, atMs: number): void {
    if (draw.chance(0.003)) this.#honour(draw, atMs);
    if (draw.chance(0.004)) this.#befriend(draw, draw.pick(this.#setting.customers), "character");
    if (draw.chance(0.002)) this.contacts.delete(draw.pick(this.contacts.list()).contactId);
    if (draw.chance(0.01)) {
      const row = draw.pick(this.standings.list());
      const standing = Math.max(-10, Math.min(10, row.standing + draw.int(-20, 20) / 100));
      this.standings.set(row.fromId, { ...row, standing: Math.round(standing * 100) / 100 });
    }
  }

  #befriend(draw: Random, contactId: number, contactType: Contact["contactType"]): void {
    const standing = draw.pick(standingLevels);
    const labelIds = standing > 0 ? [1 + draw.int(0, 1)] : standing < 0 ? [3] : [];
    this.contacts.set(contactId, { contactId, contactType, standing, labelIds });
  }

  #rate(draw: Random, fromId: number, fromType: Standing["fromType"]): void {
    this.standings.set(fromId, { fromId, fromType, standing: draw.int(-900, 900) / 100 });
  }

  #honour(draw: Random, issuedMs: number): void {
    const { pickMember } = this.#setting;
    this.issued.set(this.issued.size + 1, {
      medalId: draw.pick(this.medals.list()).medalId,
      characterId: pickMember(draw),
      issuerId: pickMember(draw),
      issuedMs,
      reason: draw.pick(reasons),
    });
  }

  #share(draw: Random): void {
    let left = totalShares;
    const give = (shareholderId: number, type: Shareholder["type"], count: number) => {
      this.shareholders.set(shareholderId, { shareholderId, type, count });
      left -= count;
    };
    give(this.#setting.corporationId, "corporation", 600);
    for (const characterId of new Set(Array.from({ length: 4 }, () => this.#setting.pickMember(draw)))) {
      give(characterId, "character", left > 100 ? draw.int(10, 100) : left);
    }
  }
}
