import * as z from "zod";
import type { ColumnView, View } from "../../dataset/index.ts";
import { momentOf } from "../../moment/index.ts";
import * as StaticData from "../../static-data/index.ts";

/** What open and past market orders have in common. */
export const orderShape = {
  order_id: z.int(),
  type_id: z.int(),
  // ESI leaves it out of sell orders.
  is_buy_order: z.boolean().default(false),
  price: z.number(),
  volume_remain: z.int(),
  volume_total: z.int(),
  min_volume: z.int().optional(),
  escrow: z.number().optional(),
  range: z.string(),
  duration: z.int(),
  issued: z.string(),
  issued_by: z.int().optional(),
  location_id: z.int(),
  region_id: z.int(),
  wallet_division: z.int(),
};

export const orderColumns = {
  issued: { title: "Issued", kind: "date" },
  is_buy_order: { title: "Buys", kind: "boolean" },
  type_id: { title: "Item", kind: "type" },
  price: { title: "Price", kind: "isk" },
  volume_remain: { title: "Left", kind: "number" },
  volume_total: { title: "Of", kind: "number" },
  location_id: { title: "Location", kind: "location" },
  issued_by: { title: "Issued by", kind: "character" },
  wallet_division: { title: "Division", kind: "division" },
  duration: { title: "Days", kind: "number", hidden: true },
  escrow: { title: "Escrow", kind: "isk", hidden: true },
  range: { title: "Range", kind: "enum", hidden: true },
  min_volume: { title: "At least", kind: "number", hidden: true },
  region_id: { title: "Region id", kind: "id", hidden: true },
  order_id: { title: "Order id", kind: "id", hidden: true },
} as const satisfies Record<string, ColumnView>;

const dayMs = 86_400_000;

const each = <Value>(view: View, of: (at: number) => Value): Value[] =>
  Array.from({ length: view.length }, (_, at) => of(at));

export const orderDerived = {
  region: {
    column: { title: "Region", kind: "text" },
    compute: (view: View) => each(view, (at) => StaticData.region(view.value("region_id", at) as number)?.name),
  },
  expires: {
    column: { title: "Expires", kind: "date" },
    compute: (view: View) =>
      each(view, (at) => {
        const issued = Date.parse(view.value("issued", at) as string);
        return momentOf(issued + (view.value("duration", at) as number) * dayMs);
      }),
  },
} as const;
