import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { standings as shape, standingRows } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdStandings";

export const standings = define({
  ...shape,
  name: "standings",
  title: "Standings",
  screen: { group: "Affairs", place: "main" },
  queue: "affairs",
  operations: [operation],
  fetch: paged(operation, { toRows: standingRows }),
});
