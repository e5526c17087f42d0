import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { orderHistory as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdOrdersHistory";

export const orderHistory = define({
  ...shape,
  name: "order-history",
  title: "Past market orders",
  screen: { group: "Market", place: "main" },
  queue: "orders",
  operations: [operation],
  fetch: paged(operation),
});
