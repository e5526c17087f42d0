import * as z from "zod";
import { cursor } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { projectColumns, projectFeed, projectHistory, projectIntervalSeconds, projectShape } from "./project-shape.ts";

const operation = "GetCorporationsFreelanceJobsListing";

export const freelanceJobs = define({
  name: "freelance-jobs",
  title: "Freelance jobs",
  screen: { group: "Affairs", place: "main" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  minIntervalSeconds: projectIntervalSeconds,
  row: z.object(projectShape),
  key: ["id"],
  columns: projectColumns,
  sort: "-last_modified",
  history: projectHistory("job"),
  fetch: cursor(operation, projectFeed("freelance_jobs")),
});
