import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { orders as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdOrders";

export const orders = define({
  ...shape,
  name: "orders",
  title: "Market orders",
  screen: { group: "Market", place: "home" },
  queue: "orders",
  operations: [operation],
  fetch: paged(operation),
});
