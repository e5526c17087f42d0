import { createHash } from "node:crypto";
import { dayMs } from "../clock.ts";
import { type Random, random } from "../random.ts";
import { goods } from "../static-data/goods.ts";
import { type Department, idsOf, type Setting } from "./department.ts";
import { Rows } from "./rows.ts";

export interface Killmail {
  killmailId: number;
  hash: string;
  timeMs: number;
  systemId: number;
  isLoss: boolean;
  victimId: number;
  attackerIds: readonly number[];
}

export interface Loot {
  flag: number;
  typeId: number;
  destroyed: number;
  dropped: number;
}

interface Wreck {
  shipTypeId: number;
  damage: number;
  weaponTypeId: number;
  attackerShipTypeIds: readonly number[];
  items: readonly Loot[];
}

/** ESI lists kills and losses of three months. */
const keptMs = 90 * dayMs;
/** Inventory flags: first high, medium and low slot, cargo. */
const itemFlags = [27, 19, 11, 5];

/** Kills and losses of the corporation's pilots. */
export class Killboard implements Department {
  readonly killmails = new Rows<Killmail>();
  readonly #setting: Setting;
  readonly #perTick: number;
  #lastId: number;

  constructor(draw: Random, setting: Setting) {
    this.#setting = setting;
    this.#lastId = idsOf(131_000_000, setting);
    this.#perTick = (0.5 + setting.memberCount / 60) / 288;
    const past = Math.ceil(this.#perTick * 288 * 60);
    for (let index = past; index > 0; index -= 1) {
      this.#kill(draw, setting.epochMs - Math.round((index / past) * 60 * dayMs));
    }
  }

  tick(draw: Random, atMs: number): void {
    for (let left = draw.count(this.#perTick); left > 0; left -= 1) this.#kill(draw, atMs);
    const oldest = this.killmails.first();
    if (oldest && oldest.timeMs < atMs - keptMs) this.killmails.delete(oldest.killmailId);
  }

  /** Ships and goods of a killmail never change: they are made from its id. */
  wreck({ killmailId, attackerIds }: Killmail): Wreck {
    const draw = random(this.#setting.seed, "wreck", killmailId);
    return {
      shipTypeId: draw.pick(goods().ships).typeId,
      damage: draw.skewed(500, 400_000),
      weaponTypeId: draw.pick(goods().modules).typeId,
      attackerShipTypeIds: attackerIds.map(() => draw.pick(goods().ships).typeId),
      items: Array.from({ length: draw.int(2, 14) }, (_, index) => {
        const count = draw.int(1, index > 8 ? 400 : 1);
        const isDropped = draw.chance(0.45);
        return {
          flag: (itemFlags[index % itemFlags.length] as number) + (index % 4 === 3 ? 0 : Math.floor(index / 4)),
          typeId: draw.pick(index > 8 ? goods().charges : goods().modules).typeId,
          destroyed: isDropped ? 0 : count,
          dropped: isDropped ? count : 0,
        };
      }),
    };
  }

  #kill(draw: Random, timeMs: number): void {
    const { pickMember, customers, homeSystems, seed } = this.#setting;
    this.#lastId += 1;
    const isLoss = draw.chance(0.4);
    const fleet = draw.int(1, 5);
    const ours = Array.from({ length: fleet }, () => pickMember(draw));
    const theirs = draw.sample(customers, fleet);
    this.killmails.set(this.#lastId, {
      killmailId: this.#lastId,
      hash: createHash("sha1").update(`${seed}:${this.#lastId}`).digest("hex"),
      timeMs,
      systemId: draw.pick(homeSystems).systemId,
      isLoss,
      victimId: (isLoss ? ours[0] : theirs[0]) as number,
      attackerIds: [...new Set(isLoss ? theirs : ours)],
    });
  }
}
