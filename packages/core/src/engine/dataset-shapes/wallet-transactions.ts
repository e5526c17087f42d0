import * as z from "zod";
import type { DatasetShape } from "./shape.ts";

/** Purchases and sales on the market. */
export const walletTransactions = {
  storage: "ledger",
  dateColumn: "date",
  row: z.object({
    transaction_id: z.int(),
    date: z.string(),
    type_id: z.int(),
    quantity: z.int(),
    unit_price: z.number(),
    is_buy: z.boolean(),
    client_id: z.int(),
    location_id: z.int(),
    journal_ref_id: z.int(),
  }),
  key: ["transaction_id"],
  columns: {
    transaction_id: { title: "Id", kind: "id", hidden: true },
    date: { title: "Date", kind: "date" },
    is_buy: { title: "Bought", kind: "boolean" },
    type_id: { title: "Item", kind: "type" },
    quantity: { title: "Quantity", kind: "number" },
    unit_price: { title: "Unit price", kind: "isk" },
    client_id: { title: "Client", kind: "party" },
    location_id: { title: "Location", kind: "location" },
    journal_ref_id: { title: "Journal id", kind: "id", hidden: true },
  },
  sort: "-date",
} as const satisfies DatasetShape;
