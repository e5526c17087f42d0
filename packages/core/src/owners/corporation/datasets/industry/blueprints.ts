import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { blueprints as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdBlueprints";

export const blueprints = define({
  ...shape,
  name: "blueprints",
  title: "Blueprints",
  screen: { group: "Industry", place: "main" },
  queue: "industry",
  operations: [operation],
  fetch: paged(operation),
});
