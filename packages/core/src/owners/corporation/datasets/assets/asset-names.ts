import { define } from "../../../../engine/dataset/index.ts";
import { assetNaming, byItemIds, assetNames as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "PostCorporationsCorporationIdAssetsNames";

export const assetNames = define({
  ...shape,
  name: "asset-names",
  title: "Asset names",
  screen: { group: "Assets", place: "supporting" },
  queue: "assets",
  operations: [operation],
  detailOf: "assets",
  fetch: byItemIds(operation, assetNaming),
});
