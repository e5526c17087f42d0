import * as z from "zod";
import * as StaticData from "../../eve/static-data/index.ts";
import { momentOf } from "../../platform/moment/index.ts";
import { amount, isk } from "../dataset/format.ts";
import type { ColumnView, Happening, NameOf, RowChange, View } from "../dataset/index.ts";
import type { DatasetShape } from "./shape.ts";

const orderFields = {
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

const orderColumns = {
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

const orderDerived = {
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

/** An order that was placed, filled, repriced, or has ended. */
function describe({ change, row, before, after }: RowChange, name: NameOf): Happening | Happening[] {
  const type = row.type_id === undefined ? `order ${row.order_id}` : name("type", row.type_id);
  const [side, done] = row.is_buy_order ? ["Buy order", "bought"] : ["Sell order", "sold"];
  if (change === "added") {
    return {
      kind: "order.placed",
      text: `${side} placed: ${amount(row.volume_remain)} x ${type} at ${isk(row.price)}`,
    };
  }
  // Filled, cancelled or expired: ESI does not say which, and the last fill may have come after its last showing.
  if (change === "removed") {
    return {
      kind: "order.ended",
      text: `${side} ended: ${type}, ${amount(row.volume_remain)} were left when last seen`,
    };
  }
  const turns: Happening[] = [];
  const filled = Number(before.volume_remain ?? 0) - Number(after.volume_remain ?? 0);
  if ("volume_remain" in after && filled > 0) {
    const text = `${amount(filled)} x ${type} ${done} at ${isk(row.price)}, ${amount(after.volume_remain)} left`;
    turns.push({ kind: "order.filled", text });
  }
  if ("price" in after)
    turns.push({ kind: "order.repriced", text: `${side} of ${type}: ${isk(before.price)}, now ${isk(after.price)}` });
  return turns;
}

/** Orders on the market. */
export const orders = {
  storage: "snapshot",
  row: z.object(orderFields),
  key: ["order_id"],
  columns: orderColumns,
  derived: orderDerived,
  sort: "-issued",
  history: describe,
} as const satisfies DatasetShape;

/** Orders that have ended. One stays as it is; ESI forgets it after 90 days. */
export const orderHistory = {
  storage: "ledger",
  dateColumn: "issued",
  row: z.object({ ...orderFields, state: z.string() }),
  key: ["order_id"],
  columns: { state: { title: "State", kind: "enum" }, ...orderColumns },
  derived: orderDerived,
  sort: "-issued",
} as const satisfies DatasetShape;
