import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { placesOf, assets as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdAssets";

export const assets = define({
  ...shape,
  name: "assets",
  title: "Assets",
  screen: { group: "Assets", place: "home", label: "Items" },
  queue: "assets",
  operations: [operation],
  derived: {
    ...shape.derived,
    hangar: { column: { title: "Hangar", kind: "hangar" }, compute: (view) => placesOf(view).hangars },
  },
  fetch: paged(operation),
});
