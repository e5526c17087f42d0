import * as z from "zod";
import { paged } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";
import { placesOf } from "./asset-places.ts";

const operation = "GetCorporationsCorporationIdAssets";

export const assets = define({
  name: "assets",
  title: "Assets",
  group: "Assets",
  queue: "assets",
  operations: [operation],
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
    root_location_id: { column: { title: "Station", kind: "location" }, compute: (view) => placesOf(view).roots },
    hangar: { column: { title: "Hangar", kind: "hangar" }, compute: (view) => placesOf(view).hangars },
  },
  sort: "type_id",
  fetch: paged(operation),
});
