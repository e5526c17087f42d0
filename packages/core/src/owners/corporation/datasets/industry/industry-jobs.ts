import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { industryJobs as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdIndustryJobs";

export const industryJobs = define({
  ...shape,
  name: "industry-jobs",
  title: "Industry jobs",
  screen: { group: "Industry", place: "home", label: "Jobs" },
  queue: "industry",
  operations: [operation],
  // The jobs of the last 90 days with those that run: a delivered job then shows its outcome instead of vanishing.
  fetch: paged(operation, { query: { include_completed: true } }),
});
