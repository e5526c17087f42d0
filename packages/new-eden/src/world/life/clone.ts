import type { Random } from "../../random.ts";
import type { Attribute } from "../../static-data/skills.ts";

/** Implants that raise one attribute each, by grade; type ids of the static data, bonuses as the game has them. */
const sets = [
  { bonus: 3, typeIds: [9899, 9941, 9942, 9943, 9956] },
  { bonus: 4, typeIds: [10_208, 10_212, 10_216, 10_221, 10_225] },
  { bonus: 5, typeIds: [10_209, 10_213, 10_217, 10_222, 10_226] },
];

/** Implants that raise no attribute, the weaker and the stronger of each slot. */
const hardwirings = [
  [13_237, 16_003],
  [13_240, 16_004],
  [13_238, 16_005],
  [13_243, 16_006],
];

const none = { bonus: 0, typeIds: [] };
const names = ["charisma", "intelligence", "memory", "perception", "willpower"] as const;
const lowest = 17;

/** The body that a pilot is in: what its mind learns how fast, and what helps it. */
export interface Clone {
  attributes: Record<Attribute, number>;
  implantTypeIds: readonly number[];
}

export function drawClone(draw: Random): Clone {
  const { bonus, typeIds } = draw.chance(0.15) ? none : draw.pick(sets);
  const [first, second] = draw.sample(names, 2);
  // Fourteen points can be placed, ten at most on one attribute.
  const placed = (name: Attribute) => (name === first ? 10 : name === second ? 4 : 0);
  const attributes = Object.fromEntries(names.map((name) => [name, lowest + placed(name) + bonus]));
  return { attributes: attributes as Record<Attribute, number>, implantTypeIds: typeIds };
}

/** Another hardwiring is plugged in: one that was in its slot is destroyed. */
export function plugIn(draw: Random, clone: Clone): void {
  const slot = draw.pick(hardwirings);
  const free = slot.filter((typeId) => !clone.implantTypeIds.includes(typeId));
  clone.implantTypeIds = [...clone.implantTypeIds.filter((typeId) => !slot.includes(typeId)), draw.pick(free)];
}
