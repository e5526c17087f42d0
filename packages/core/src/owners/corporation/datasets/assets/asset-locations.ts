import { define } from "../../../../engine/dataset/index.ts";
import { assetLocating, byItemIds, assetLocations as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "PostCorporationsCorporationIdAssetsLocations";

export const assetLocations = define({
  ...shape,
  name: "asset-locations",
  title: "Asset coordinates",
  screen: { group: "Assets", place: "supporting" },
  queue: "assets",
  operations: [operation],
  detailOf: "assets",
  fetch: byItemIds(operation, assetLocating),
});
