import * as z from "zod";
import { askFeed } from "../../../../engine/dataset/ask.ts";
import { details } from "../../../../engine/dataset/detail.ts";
import { expectPagination } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { itemsOf } from "./project-items.ts";

const operation = "GetCorporationsProjectsContributors";
expectPagination(operation, "cursor");

interface Contributor {
  id: number;
  name: string;
  contributed: number;
}

export const projectContributors = define({
  name: "project-contributors",
  title: "Project contributors",
  screen: { group: "Affairs", place: "supporting" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  detailOf: "projects",
  row: z.object({ project_id: z.string(), character_id: z.int(), name: z.string(), contributed: z.number() }),
  key: ["project_id", "character_id"],
  columns: {
    project_id: { title: "Project id", kind: "id" },
    name: { title: "Pilot", kind: "text" },
    contributed: { title: "Contributed", kind: "number" },
    character_id: { title: "Pilot id", kind: "party", hidden: true },
  },
  sort: "-contributed",
  fetch: details(operation, {
    items: itemsOf("projects"),
    partOf: (row) => row.project_id as string,
    idColumn: "character_id",
    ask: ({ part }, known, context) =>
      askFeed(operation, { path: { project_id: part } }, known, context, {
        field: "contributors",
        idColumn: "character_id",
        toRow: ({ id, ...rest }: Contributor) => ({ ...rest, project_id: part, character_id: id }),
      }),
  }),
});
