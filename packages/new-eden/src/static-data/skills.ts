import { lines, staticData } from "./index.ts";

const skillCategoryId = 16;

/** The five character attributes by their dogma ids. */
export const attributes = {
  164: "charisma",
  165: "intelligence",
  166: "memory",
  167: "perception",
  168: "willpower",
} as const;
export type Attribute = (typeof attributes)[keyof typeof attributes];

const dogma = { primary: 180, secondary: 181, rank: 275 };

export interface Skill {
  typeId: number;
  /** How much longer it trains than a skill of rank 1. */
  rank: number;
  primary: Attribute;
  secondary: Attribute;
}

interface Value {
  attributeID: number;
  value: number;
}

function load(): ReadonlyMap<number, Skill> {
  const skills = new Map<number, Skill>();
  for (const { _key: typeId, dogmaAttributes } of lines("typeDogma")) {
    if (staticData().types.get(typeId)?.categoryId !== skillCategoryId) continue;
    const values = new Map((dogmaAttributes as Value[]).map(({ attributeID, value }) => [attributeID, value]));
    const attribute = (id: number) => attributes[values.get(id) as keyof typeof attributes];
    skills.set(typeId, {
      typeId,
      rank: values.get(dogma.rank) ?? 1,
      primary: attribute(dogma.primary),
      secondary: attribute(dogma.secondary),
    });
  }
  return skills;
}

let loaded: ReadonlyMap<number, Skill> | undefined;

/** Every skill that can be trained, by type id. */
export function skills(): ReadonlyMap<number, Skill> {
  loaded ??= load();
  return loaded;
}

export const maxLevel = 5;

/** Skill points at which a level is reached: each level needs the square root of 32 times as many as the one before. */
export const pointsAt = (rank: number, level: number): number =>
  level === 0 ? 0 : Math.ceil(250 * rank * 32 ** ((level - 1) / 2));
