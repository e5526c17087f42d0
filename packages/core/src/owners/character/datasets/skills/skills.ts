import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import {
  define,
  type Happening,
  type NameOf,
  type Row,
  type RowChange,
  type View,
} from "../../../../engine/dataset/index.ts";
import { levelOf } from "./level.ts";

const operation = "GetCharactersCharacterIdSkills";

interface Answer {
  skills: Row[];
  total_sp: number;
  unallocated_sp?: number;
}

const pointsOf = (skills: readonly (Row | null)[]): number =>
  skills.reduce((sum, skill) => sum + (Number(skill?.skillpoints_in_skill) || 0), 0);

/**
 * ESI says the sums once for all skills. Here each row carries what hardly ever changes: the unallocated points, and what
 * the total has beyond the listed skills. The total itself follows from them, so that a trained skill changes its own row alone.
 */
const flat = ({ skills, total_sp, unallocated_sp = 0 }: Answer): Row[] => {
  const unlisted_sp = total_sp - pointsOf(skills);
  return skills.map((skill) => ({ ...skill, unallocated_sp, unlisted_sp }));
};

function totals(view: View): number[] {
  const listed = (view.columns.skillpoints_in_skill ?? []) as number[];
  const total = listed.reduce((sum, points) => sum + points, 0);
  return listed.map((_, index) => total + (view.value("unlisted_sp", index) as number));
}

function describe({ change, row, before, after }: RowChange, name: NameOf): Happening | undefined {
  const skill = name("type", row.skill_id);
  const level = Number(row.trained_skill_level);
  if (change === "removed") return { kind: "skill.lost", text: `${skill} is not known any more` };
  if (change === "added") {
    const text = level > 0 ? `Learned ${skill} to level ${levelOf(level)}` : `Learned ${skill}`;
    return { kind: "skill.learned", text };
  }
  if (after.trained_skill_level === undefined) return undefined;
  return level > Number(before.trained_skill_level)
    ? { kind: "skill.finished", text: `Finished ${skill} ${levelOf(level)}` }
    : { kind: "skill.lost", text: `${skill} fell to level ${levelOf(level)}` };
}

export const skills = define({
  name: "skills",
  title: "Skills",
  screen: { group: "Skills", place: "home" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    skill_id: z.int(),
    trained_skill_level: z.int(),
    active_skill_level: z.int(),
    skillpoints_in_skill: z.int(),
    unallocated_sp: z.int(),
    unlisted_sp: z.int(),
  }),
  key: ["skill_id"],
  columns: {
    skill_id: { title: "Skill", kind: "type" },
    trained_skill_level: { title: "Trained level", kind: "number" },
    active_skill_level: { title: "Active level", kind: "number" },
    skillpoints_in_skill: { title: "Skill points", kind: "number" },
    unallocated_sp: { title: "Unallocated skill points", kind: "number", hidden: true },
    unlisted_sp: { title: "Points in no skill", kind: "number", hidden: true },
  },
  derived: {
    total_sp: { column: { title: "Skill points in all", kind: "number", hidden: true }, compute: totals },
  },
  sort: "skill_id",
  history: describe,
  fetch: single(operation, flat),
});
