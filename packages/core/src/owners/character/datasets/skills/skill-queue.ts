import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { moment } from "../../../../engine/dataset/format.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { levelOf } from "./level.ts";

const operation = "GetCharactersCharacterIdSkillqueue";

export const skillQueue = define({
  name: "skill-queue",
  title: "Skill queue",
  screen: { group: "Skills", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    queue_position: z.int(),
    skill_id: z.int(),
    finished_level: z.int(),
    start_date: z.string().optional(),
    finish_date: z.string().optional(),
    training_start_sp: z.int().optional(),
    level_start_sp: z.int().optional(),
    level_end_sp: z.int().optional(),
  }),
  // A position is taken by the next entry as soon as one is finished; a level of a skill is trained once.
  key: ["skill_id", "finished_level"],
  columns: {
    queue_position: { title: "Position", kind: "number" },
    skill_id: { title: "Skill", kind: "type" },
    finished_level: { title: "To level", kind: "number" },
    start_date: { title: "Starts", kind: "date" },
    finish_date: { title: "Finishes", kind: "date" },
    training_start_sp: { title: "Skill points at the start", kind: "number", hidden: true },
    level_start_sp: { title: "Level begins at", kind: "number", hidden: true },
    level_end_sp: { title: "Level ends at", kind: "number", hidden: true },
  },
  sort: "queue_position",
  // What leaves the queue is finished, which the skills tell, or was taken out by the pilot.
  history: ({ change, row }, name) => {
    if (change !== "added") return undefined;
    const until = row.finish_date ? `, until ${moment(row.finish_date)}` : "";
    const text = `${name("type", row.skill_id)} ${levelOf(row.finished_level)} is in the skill queue${until}`;
    return { kind: "skill.queued", text };
  },
  fetch: single(operation),
});
