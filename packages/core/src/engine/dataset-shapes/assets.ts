import * as z from "zod";
import { amount, plain } from "../dataset/format.ts";
import type { Happening, NameOf, Row, RowChange, View } from "../dataset/index.ts";
import { placesOf } from "./asset-places.ts";
import type { DatasetShape } from "./shape.ts";

const hangarOf = (flag: unknown): string | undefined => /^CorpSAG([1-7])$/.exec(String(flag))?.[1];

/** Where an item is: in which place, and in which corner of it. */
function placeOf(row: Row, name: NameOf): string {
  const hangar = hangarOf(row.location_flag);
  const corner = hangar ? name("hangar", Number(hangar)) : plain(row.location_flag);
  return `${name("location", row.location_id)} (${corner === hangar ? `hangar ${hangar}` : corner})`;
}

/** An item that appeared, went, moved, or became more or fewer. */
function describe({ change, row, before, after }: RowChange, name: NameOf): Happening | Happening[] {
  const type = row.type_id === undefined ? `Item ${row.item_id}` : name("type", row.type_id);
  const item = Number(row.quantity ?? 1) > 1 ? `${amount(row.quantity)} x ${type}` : type;
  const place = placeOf(row, name);
  if (change === "added") return { kind: "asset.added", text: `${item} came to ${place}` };
  if (change === "removed") return { kind: "asset.removed", text: `${item} is gone from ${place}` };
  const turns: Happening[] = [];
  if ("location_id" in after || "location_flag" in after) {
    turns.push({ kind: "asset.moved", text: `${item} moved from ${placeOf({ ...row, ...before }, name)} to ${place}` });
  }
  if ("quantity" in after) {
    const text = `${type} in ${place}: ${amount(before.quantity)}, now ${amount(after.quantity)}`;
    turns.push({ kind: "asset.quantity", text });
  }
  if (turns.length > 0) return turns;
  return { kind: "asset.changed", text: `${item} in ${place} was ${after.is_singleton ? "assembled" : "repackaged"}` };
}

/** Things that an owner has, each in a place or in another thing. */
export const assets = {
  storage: "snapshot",
  row: z.object({
    item_id: z.int(),
    type_id: z.int(),
    quantity: z.int(),
    location_id: z.int(),
    location_type: z.string(),
    location_flag: z.string(),
    is_singleton: z.boolean(),
    is_blueprint_copy: z.boolean().optional(),
  }),
  key: ["item_id"],
  columns: {
    item_id: { title: "Item id", kind: "id", hidden: true },
    type_id: { title: "Item", kind: "type" },
    quantity: { title: "Quantity", kind: "number" },
    location_id: { title: "In", kind: "location" },
    location_flag: { title: "Place", kind: "enum" },
    location_type: { title: "Location type", kind: "enum", hidden: true },
    is_singleton: { title: "Assembled", kind: "boolean" },
    is_blueprint_copy: { title: "Blueprint copy", kind: "boolean", hidden: true },
  },
  derived: {
    root_location_id: { column: { title: "Station", kind: "location" }, compute: (view: View) => placesOf(view).roots },
  },
  sort: "type_id",
  history: describe,
} as const satisfies DatasetShape;
