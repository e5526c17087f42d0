import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details } from "../../../../engine/dataset/detail.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { itemsOf } from "./project-items.ts";
import { flatProject, projectColumns, projectShape } from "./project-shape.ts";

const operation = "GetCorporationsProjectsDetail";

interface Contribution {
  participation_limit?: number;
  reward_per_contribution?: number;
  submission_limit?: number;
  submission_multiplier?: number;
}

interface Detail {
  configuration: object;
  contribution?: Contribution;
  creator: { id: number; name: string };
  details: { career: string; created: string; description: string; expires?: string; finished?: string };
}

function flat({ configuration, contribution, creator, details: more, ...listed }: Detail): Row {
  const [goal, settings] = Object.entries(configuration)[0] ?? [];
  return {
    ...flatProject(listed as never),
    ...more,
    ...contribution,
    creator_id: creator.id,
    creator_name: creator.name,
    ...(goal ? { goal } : {}),
    ...(settings ? { configuration: settings } : {}),
  };
}

export const projectDetails = define({
  name: "project-details",
  title: "Project details",
  screen: { group: "Affairs", place: "home", label: "Projects" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  detailOf: "projects",
  row: z.object({
    ...projectShape,
    goal: z.string().optional(),
    configuration: z.unknown(),
    career: z.string(),
    description: z.string(),
    created: z.string(),
    expires: z.string().optional(),
    finished: z.string().optional(),
    creator_id: z.int(),
    creator_name: z.string(),
    participation_limit: z.number().optional(),
    reward_per_contribution: z.number().optional(),
    submission_limit: z.number().optional(),
    submission_multiplier: z.number().optional(),
  }),
  key: ["id"],
  columns: {
    ...projectColumns,
    goal: { title: "Kind of goal", kind: "enum" },
    career: { title: "Career", kind: "enum" },
    creator_name: { title: "Creator", kind: "text" },
    created: { title: "Created", kind: "date" },
    expires: { title: "Expires", kind: "date" },
    finished: { title: "Finished", kind: "date", hidden: true },
    description: { title: "Description", kind: "text", hidden: true },
    reward_per_contribution: { title: "Reward per contribution", kind: "isk", hidden: true },
    participation_limit: { title: "Limit per pilot", kind: "number", hidden: true },
    submission_limit: { title: "Limit per submission", kind: "number", hidden: true },
    submission_multiplier: { title: "Multiplier", kind: "number", hidden: true },
    configuration: { title: "Goal", kind: "text", hidden: true },
    creator_id: { title: "Creator id", kind: "party", hidden: true },
  },
  sort: "-last_modified",
  fetch: details(operation, {
    items: itemsOf("projects"),
    partOf: (row) => row.id as string,
    ask: ({ part }, known, context) =>
      askWhole(operation, { path: { project_id: part } }, known, context, (data: Detail) => [flat(data)]),
  }),
});
