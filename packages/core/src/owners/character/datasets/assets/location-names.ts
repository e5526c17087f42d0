import { define } from "../../../../engine/dataset/index.ts";
import { locationNaming, locationNames as shape } from "../../../../engine/dataset-shapes/index.ts";

const sources: Parameters<typeof locationNaming.fetch>[0] = {
  places: [
    ["assets", "location_id"],
    ["wallet-transactions", "location_id"],
    ["location", "structure_id"],
  ],
};

export const locationNames = define({
  ...shape,
  name: "location-names",
  title: "Structure names",
  screen: { group: "Assets", place: "supporting" },
  queue: "assets",
  operations: [locationNaming.operation],
  after: ["assets"],
  follows: locationNaming.follows(sources),
  fetch: locationNaming.fetch(sources),
});
