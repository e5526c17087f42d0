import * as z from "zod";
import type { DatasetShape } from "./shape.ts";

/** ESI's way to say that the row is one copy; -1 is an original, more is a stack of originals. */
const copyQuantity = -2;

/** Blueprints, originals and copies. */
export const blueprints = {
  storage: "snapshot",
  row: z.object({
    item_id: z.int(),
    type_id: z.int(),
    location_id: z.int(),
    location_flag: z.string(),
    quantity: z.int(),
    runs: z.int(),
    material_efficiency: z.int(),
    time_efficiency: z.int(),
  }),
  key: ["item_id"],
  columns: {
    type_id: { title: "Blueprint", kind: "type" },
    material_efficiency: { title: "Material efficiency", kind: "number" },
    time_efficiency: { title: "Time efficiency", kind: "number" },
    runs: { title: "Runs", kind: "number" },
    location_id: { title: "In", kind: "location" },
    location_flag: { title: "Place", kind: "enum" },
    quantity: { title: "Quantity", kind: "number", hidden: true },
    item_id: { title: "Item id", kind: "id", hidden: true },
  },
  derived: {
    is_copy: {
      column: { title: "Copy", kind: "boolean" },
      compute: (view) => (view.columns.quantity ?? []).map((quantity) => quantity === copyQuantity),
    },
  },
  sort: "type_id",
} as const satisfies DatasetShape;
