import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { assets as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCharactersCharacterIdAssets";

export const assets = define({
  ...shape,
  name: "assets",
  title: "Assets",
  screen: { group: "Assets", place: "home", label: "Items" },
  queue: "assets",
  operations: [operation],
  fetch: paged(operation),
});
