import * as z from "zod";
import { define, type View } from "../../dataset/index.ts";
import * as StaticData from "../../static-data/index.ts";
import { byItemIds } from "./asset-items.ts";

const operation = "PostCorporationsCorporationIdAssetsNames";

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

export const assetNames = define({
  name: "asset-names",
  title: "Asset names",
  group: "Assets",
  queue: "assets",
  operations: [operation],
  storage: "snapshot",
  detailOf: "assets",
  row: z.object({ item_id: z.int(), name: z.string().optional() }),
  key: ["item_id"],
  columns: { item_id: { title: "Item", kind: "id" }, name: { title: "Name", kind: "text" } },
  sort: "name",
  // ESI writes the word None for an item that nobody has named.
  fetch: byItemIds(operation, {
    choose: nameableItems,
    isWhole: ({ item_id, name }: Partial<Named>) => typeof item_id === "number" && typeof name === "string",
    toRow: ({ item_id, name }: Named) => ({ item_id, ...(name && name !== "None" ? { name } : {}) }),
  }),
});
