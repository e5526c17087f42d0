import * as z from "zod";
import { define, type View } from "../../dataset/index.ts";
import { byItemIds } from "./asset-items.ts";

const operation = "PostCorporationsCorporationIdAssetsLocations";

/** Only what lies in space has coordinates: ESI puts everything in a hangar at zero. */
function itemsInSpace(assets: View): number[] {
  const ids: number[] = [];
  for (let index = 0; index < assets.length; index += 1) {
    const isInSpace = assets.value("location_type", index) === "solar_system";
    if (isInSpace && assets.value("is_singleton", index) === true) ids.push(assets.value("item_id", index) as number);
  }
  return ids;
}

interface Located {
  item_id: number;
  position: { x: number; y: number; z: number };
}

export const assetLocations = define({
  name: "asset-locations",
  title: "Asset coordinates",
  group: "Assets",
  queue: "assets",
  operations: [operation],
  storage: "snapshot",
  detailOf: "assets",
  row: z.object({ item_id: z.int(), x: z.number(), y: z.number(), z: z.number() }),
  key: ["item_id"],
  columns: {
    item_id: { title: "Item", kind: "location" },
    x: { title: "x (m)", kind: "number" },
    y: { title: "y (m)", kind: "number" },
    z: { title: "z (m)", kind: "number" },
  },
  sort: "item_id",
  fetch: byItemIds(operation, {
    choose: itemsInSpace,
    isWhole: ({ item_id, position }: Partial<Located>) =>
      typeof item_id === "number" && typeof position === "object" && position !== null,
    toRow: ({ item_id, position }: Located) => ({ item_id, ...position }),
  }),
});
