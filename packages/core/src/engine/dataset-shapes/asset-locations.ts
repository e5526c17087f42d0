import * as z from "zod";
import type { Row, View } from "../dataset/index.ts";
import { assetRereadSeconds } from "./asset-items.ts";
import type { DatasetShape } from "./shape.ts";

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

/** Where in space things lie. */
export const assetLocations = {
  storage: "snapshot",
  rereadSeconds: assetRereadSeconds,
  row: z.object({
    item_id: z.int(),
    solar_system_id: z.int().optional(),
    x: z.number(),
    y: z.number(),
    z: z.number(),
  }),
  key: ["item_id"],
  columns: {
    item_id: { title: "Item", kind: "location" },
    solar_system_id: { title: "System", kind: "system" },
    x: { title: "x (m)", kind: "number" },
    y: { title: "y (m)", kind: "number" },
    z: { title: "z (m)", kind: "number" },
  },
  sort: "item_id",
} as const satisfies DatasetShape;

/** How things in space are asked for, by lists of item ids. */
export const assetLocating = {
  choose: itemsInSpace,
  isWhole: ({ item_id, position }: Partial<Located>) =>
    typeof item_id === "number" && typeof position === "object" && position !== null,
  toRow: ({ item_id, position }: Located, { location_id }: Row) => ({
    item_id,
    solar_system_id: location_id,
    ...position,
  }),
  isCurrent: ({ solar_system_id }: Row, { location_id }: Row) => solar_system_id === location_id,
};
