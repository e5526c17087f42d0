import { isoSeconds } from "../clock.ts";
import type { QueueEntry, TrainedSkill } from "../world/life/training.ts";
import { characterWhole, derived, type Family } from "./endpoint.ts";

/** The highest level that counts without a subscription. */
const alphaLevel = 3;

const skills = (list: readonly TrainedSkill[], isAlpha: boolean) =>
  list.map(({ skillId, level, points }) => ({
    active_skill_level: isAlpha ? Math.min(level, alphaLevel) : level,
    skill_id: skillId,
    skillpoints_in_skill: points,
    trained_skill_level: level,
  }));

const queue = derived((list: readonly QueueEntry[]) =>
  list.map((entry, position) => ({
    // A paused queue has neither date.
    ...(entry.finishMs === undefined ? {} : { finish_date: isoSeconds(entry.finishMs) }),
    finished_level: entry.level,
    level_end_sp: entry.levelEndPoints,
    level_start_sp: entry.levelStartPoints,
    queue_position: position,
    skill_id: entry.skillId,
    ...(entry.startMs === undefined ? {} : { start_date: isoSeconds(entry.startMs) }),
    training_start_sp: entry.trainingStartPoints,
  })),
);

export const skill: Family = {
  GetCharactersCharacterIdSkills: characterWhole(({ life: { training, habits } }) => ({
    skills: skills(training.skills(), habits.isAlpha),
    total_sp: training.skills().reduce((sum, { points }) => sum + points, 0),
    ...(training.unallocatedPoints > 0 ? { unallocated_sp: training.unallocatedPoints } : {}),
  })),

  GetCharactersCharacterIdSkillqueue: characterWhole(({ life }) => queue(life.training.queue())),

  GetCharactersCharacterIdAttributes: characterWhole(({ life }) => ({ bonus_remaps: 0, ...life.clone.attributes })),

  GetCharactersCharacterIdImplants: characterWhole(({ life }) => life.clone.implantTypeIds),
};
