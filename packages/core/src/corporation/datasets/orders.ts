import * as z from "zod";
import { paged } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";
import { orderColumns, orderDerived, orderShape } from "./order-columns.ts";

const operation = "GetCorporationsCorporationIdOrders";

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
  fetch: paged(operation),
});
