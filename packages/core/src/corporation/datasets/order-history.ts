import * as z from "zod";
import { paged } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";
import { orderColumns, orderDerived, orderShape } from "./order-columns.ts";

const operation = "GetCorporationsCorporationIdOrdersHistory";

export const orderHistory = define({
  name: "order-history",
  title: "Past market orders",
  group: "Market",
  queue: "orders",
  operations: [operation],
  // An order that has ended stays as it is; ESI forgets it after 90 days.
  storage: "ledger",
  dateColumn: "issued",
  row: z.object({ ...orderShape, state: z.string() }),
  key: ["order_id"],
  columns: { state: { title: "State", kind: "enum" }, ...orderColumns },
  derived: orderDerived,
  sort: "-issued",
  fetch: paged(operation),
});
