import { define } from "../../../../engine/dataset/index.ts";
import { locationNaming, locationNames as shape } from "../../../../engine/dataset-shapes/index.ts";

const sources: Parameters<typeof locationNaming.fetch>[0] = {
  own: "structures",
  places: [
    ["assets", "location_id"],
    ["member-tracking", "location_id"],
    ["member-tracking", "base_id"],
    ["industry-jobs", "facility_id"],
    ["industry-jobs", "station_id"],
    ["industry-jobs", "location_id"],
    ["orders", "location_id"],
    ["order-history", "location_id"],
    ["contracts", "start_location_id"],
    ["contracts", "end_location_id"],
    ["wallet-transactions", "location_id"],
    ["mining-observers", "observer_id"],
    ["mining-extractions", "structure_id"],
    ["facilities", "facility_id"],
    ["public-info", "home_station_id"],
  ],
};

export const locationNames = define({
  ...shape,
  name: "location-names",
  title: "Structure names",
  screen: { group: "Assets", place: "supporting" },
  queue: "assets",
  operations: [locationNaming.operation],
  after: ["assets", "member-tracking"],
  follows: locationNaming.follows(sources),
  fetch: locationNaming.fetch(sources),
});
