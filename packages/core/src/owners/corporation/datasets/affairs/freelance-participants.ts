import * as z from "zod";
import { askFeed } from "../../../../engine/dataset/ask.ts";
import { details } from "../../../../engine/dataset/detail.ts";
import { expectPagination } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { itemsOf } from "./project-items.ts";

const operation = "GetCorporationsFreelanceJobsParticipants";
expectPagination(operation, "cursor");

interface Participant {
  id: number;
  name: string;
  contributed: number;
  state: string;
}

export const freelanceParticipants = define({
  name: "freelance-participants",
  title: "Freelance job participants",
  screen: { group: "Affairs", place: "supporting" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  detailOf: "freelance-jobs",
  row: z.object({
    job_id: z.string(),
    character_id: z.int(),
    name: z.string(),
    contributed: z.number(),
    state: z.string(),
  }),
  key: ["job_id", "character_id"],
  columns: {
    job_id: { title: "Job id", kind: "id" },
    name: { title: "Pilot", kind: "text" },
    state: { title: "State", kind: "enum" },
    contributed: { title: "Contributed", kind: "number" },
    character_id: { title: "Pilot id", kind: "party", hidden: true },
  },
  sort: "-contributed",
  fetch: details(operation, {
    items: itemsOf("freelance-jobs"),
    partOf: (row) => row.job_id as string,
    idColumn: "character_id",
    ask: ({ part }, known, context) =>
      askFeed(operation, { path: { job_id: part } }, known, context, {
        field: "participants",
        idColumn: "character_id",
        toRow: ({ id, ...rest }: Participant) => ({ ...rest, job_id: part, character_id: id }),
      }),
  }),
});
