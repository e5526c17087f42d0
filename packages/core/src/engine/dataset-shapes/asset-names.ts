import * as z from "zod";
import * as StaticData from "../../eve/static-data/index.ts";
import type { View } from "../dataset/index.ts";
import { assetRereadSeconds } from "./asset-items.ts";
import type { DatasetShape } from "./shape.ts";

/** Categories whose items pilots can name: ships, deployables, starbases, orbitals, structures. */
const nameableCategories = new Set([6, 22, 23, 46, 65]);
/** Groups of containers: cargo, secure, audit log and freight. */
const nameableGroups = new Set([12, 340, 448, 649]);

function isNameable(typeId: number): boolean {
  const type = StaticData.type(typeId);
  const category = type && StaticData.group(type.groupId)?.categoryId;
  return (
    type !== undefined && (nameableGroups.has(type.groupId) || (category ? nameableCategories.has(category) : false))
  );
}

function nameableItems(assets: View): number[] {
  const ids: number[] = [];
  for (let index = 0; index < assets.length; index += 1) {
    if (assets.value("is_singleton", index) !== true) continue;
    if (isNameable(assets.value("type_id", index) as number)) ids.push(assets.value("item_id", index) as number);
  }
  return ids;
}

interface Named {
  item_id: number;
  name: string;
}

/** Names that players gave to their things. */
export const assetNames = {
  storage: "snapshot",
  rereadSeconds: assetRereadSeconds,
  row: z.object({ item_id: z.int(), name: z.string().optional() }),
  key: ["item_id"],
  columns: { item_id: { title: "Item", kind: "id" }, name: { title: "Name", kind: "text" } },
  sort: "name",
} as const satisfies DatasetShape;

/** How named things are asked for, by lists of item ids. ESI writes the word None for one that nobody has named. */
export const assetNaming = {
  choose: nameableItems,
  isWhole: ({ item_id, name }: Partial<Named>) => typeof item_id === "number" && typeof name === "string",
  toRow: ({ item_id, name }: Named) => ({ item_id, ...(name && name !== "None" ? { name } : {}) }),
};
