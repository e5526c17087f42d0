import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { standings as shape, standingRows } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCharactersCharacterIdStandings";

export const standings = define({
  ...shape,
  name: "standings",
  title: "Standings",
  screen: { group: "Affairs", place: "home" },
  queue: "affairs",
  operations: [operation],
  fetch: single(operation, standingRows),
});
