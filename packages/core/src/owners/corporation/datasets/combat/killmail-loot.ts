import * as StaticData from "../../../../eve/static-data/index.ts";

interface VictimItem {
  item_type_id: number;
  quantity_dropped?: number;
  quantity_destroyed?: number;
  /** What a container held. */
  items?: VictimItem[];
}

export interface Loot {
  type_id: number;
  name: string;
  quantity: number;
  dropped: boolean;
  /** ISK at base prices. */
  worth: number;
}

const piece = (typeId: number, quantity: number, dropped: boolean): Loot => {
  const type = StaticData.type(typeId);
  return {
    type_id: typeId,
    name: type?.name ?? `Type ${typeId}`,
    quantity,
    dropped,
    worth: (type?.basePriceIsk ?? 0) * quantity,
  };
};

/** What a wreck held, by name and worth, containers opened; a stack of which a part survived is two pieces. */
export function lootOf(items: unknown): Loot[] {
  return ((items ?? []) as VictimItem[]).flatMap((item) => [
    ...(item.quantity_dropped ? [piece(item.item_type_id, item.quantity_dropped, true)] : []),
    ...(item.quantity_destroyed ? [piece(item.item_type_id, item.quantity_destroyed, false)] : []),
    ...lootOf(item.items),
  ]);
}
