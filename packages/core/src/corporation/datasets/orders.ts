import * as z from "zod";
import { paged } from "../../dataset/fetch.ts";
import { define, type Happening, type NameOf, type RowChange } from "../../dataset/index.ts";
import { amount, isk } from "../../dataset/words.ts";
import { orderColumns, orderDerived, orderShape } from "./order-columns.ts";

const operation = "GetCorporationsCorporationIdOrders";

/** An order that was placed, filled, repriced, or has ended. */
function told({ change, row, before, after }: RowChange, name: NameOf): Happening | Happening[] {
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

export const orders = define({
  name: "orders",
  title: "Market orders",
  group: "Market",
  queue: "orders",
  operations: [operation],
  storage: "snapshot",
  row: z.object(orderShape),
  key: ["order_id"],
  columns: orderColumns,
  derived: orderDerived,
  sort: "-issued",
  history: told,
  fetch: paged(operation),
});
