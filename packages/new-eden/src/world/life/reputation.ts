import type { Random } from "../../random.ts";
import type { Standing } from "../affairs.ts";
import { Rows } from "../rows.ts";

export interface LoyaltyPoints {
  corporationId: number;
  points: number;
}

/** Whose agents a pilot has done missions for before. */
const employerIds = [1_000_035, 1_000_167, 1_000_002, 1_000_125];
/** The faction of those that give missions: Caldari. */
const factionId = 500_001;
/** A mission brings the employer nearer to the best standing by this part of what is missing; a faction by less. */
const employerGain = 0.012;
const factionGain = 0.002;
const bestStanding = 10;

/** What NPCs think of a pilot, and the loyalty points that they owe for missions done. */
export class Reputation {
  readonly standings = new Rows<Standing>();
  readonly points = new Rows<LoyaltyPoints>();

  constructor(draw: Random) {
    this.#think(factionId, "faction", draw.int(-200, 600) / 100);
    for (const corporationId of draw.sample(employerIds, 2)) {
      this.#think(corporationId, "npc_corp", draw.int(-100, 700) / 100);
      this.points.set(corporationId, { corporationId, points: draw.skewed(500, 400_000) });
    }
  }

  /** A mission was done, and its reward paid. */
  finishMission(corporationId: number, rewardIsk: number): void {
    this.#improve(corporationId, "npc_corp", employerGain);
    this.#improve(factionId, "faction", factionGain);
    const points = (this.points.get(corporationId)?.points ?? 0) + Math.max(1, Math.round(rewardIsk / 1000));
    this.points.set(corporationId, { corporationId, points });
  }

  /** Some of one corporation's points go for something in its store. */
  spend(draw: Random): void {
    const { corporationId, points } = draw.pick(this.points.list());
    this.points.set(corporationId, { corporationId, points: points - Math.floor(points * draw.next() * 0.5) });
  }

  #improve(fromId: number, fromType: Standing["fromType"], gain: number): void {
    const standing = this.standings.get(fromId)?.standing ?? 0;
    this.#think(fromId, fromType, standing + (bestStanding - standing) * gain);
  }

  #think(fromId: number, fromType: Standing["fromType"], standing: number): void {
    this.standings.set(fromId, { fromId, fromType, standing: Math.round(standing * 1e4) / 1e4 });
  }
}
