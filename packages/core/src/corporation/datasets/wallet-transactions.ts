import * as z from "zod";
import { fromIdByDivision } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";

const operation = "GetCorporationsCorporationIdWalletsDivisionTransactions";

export const walletTransactions = define({
  name: "wallet-transactions",
  title: "Wallet transactions",
  group: "Wallet",
  queue: "wallet-transactions",
  operations: [operation],
  storage: "ledger",
  dateColumn: "date",
  row: z.object({
    transaction_id: z.int(),
    division: z.int(),
    date: z.string(),
    type_id: z.int(),
    quantity: z.int(),
    unit_price: z.number(),
    is_buy: z.boolean(),
    client_id: z.int(),
    location_id: z.int(),
    journal_ref_id: z.int(),
  }),
  key: ["transaction_id", "division"],
  columns: {
    transaction_id: { title: "Id", kind: "id", hidden: true },
    date: { title: "Date", kind: "date" },
    division: { title: "Division", kind: "division" },
    is_buy: { title: "Bought", kind: "boolean" },
    type_id: { title: "Item", kind: "type" },
    quantity: { title: "Quantity", kind: "number" },
    unit_price: { title: "Unit price", kind: "isk" },
    client_id: { title: "Client", kind: "party" },
    location_id: { title: "Location", kind: "location" },
    journal_ref_id: { title: "Journal id", kind: "id", hidden: true },
  },
  sort: "-date",
  fetch: fromIdByDivision(operation, "transaction_id"),
});
