import * as z from "zod";
import { cursor } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { projectColumns, projectFeed, projectHistory, projectIntervalSeconds, projectShape } from "./project-shape.ts";

const operation = "GetCorporationsProjectsListing";

export const projects = define({
  name: "projects",
  title: "Projects",
  screen: { group: "Affairs", place: "supporting" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  minIntervalSeconds: projectIntervalSeconds,
  row: z.object(projectShape),
  key: ["id"],
  columns: projectColumns,
  sort: "-last_modified",
  history: projectHistory("project"),
  // Without it a project that ends would stay as it was: ESI lists active ones only.
  fetch: cursor(operation, { ...projectFeed("projects"), query: { state: "All" } }),
});
