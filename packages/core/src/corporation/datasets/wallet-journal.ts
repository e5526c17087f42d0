import * as z from "zod";
import { pagedByDivision } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";

const operation = "GetCorporationsCorporationIdWalletsDivisionJournal";

export const walletJournal = define({
  name: "wallet-journal",
  title: "Wallet journal",
  group: "Wallet",
  queue: "wallet-journal",
  operations: [operation],
  storage: "ledger",
  dateColumn: "date",
  row: z.object({
    id: z.int(),
    division: z.int(),
    date: z.string(),
    ref_type: z.string(),
    amount: z.number().optional(),
    balance: z.number().optional(),
    description: z.string(),
    reason: z.string().optional(),
    first_party_id: z.int().optional(),
    second_party_id: z.int().optional(),
    context_id: z.int().optional(),
    context_id_type: z.string().optional(),
    tax: z.number().optional(),
    tax_receiver_id: z.int().optional(),
  }),
  // A transfer between two divisions of one corporation shows under the same id in both.
  key: ["id", "division"],
  columns: {
    id: { title: "Id", kind: "id", hidden: true },
    date: { title: "Date", kind: "date" },
    division: { title: "Division", kind: "division" },
    ref_type: { title: "Type", kind: "enum" },
    amount: { title: "Amount", kind: "isk" },
    balance: { title: "Balance", kind: "isk" },
    description: { title: "Description", kind: "text" },
    reason: { title: "Reason", kind: "text", hidden: true },
    first_party_id: { title: "First party", kind: "party" },
    second_party_id: { title: "Second party", kind: "party" },
    tax: { title: "Tax", kind: "isk", hidden: true },
    tax_receiver_id: { title: "Tax receiver", kind: "party", hidden: true },
    context_id: { title: "Context id", kind: "id", hidden: true },
    context_id_type: { title: "Context", kind: "enum", hidden: true },
  },
  sort: "-date",
  fetch: pagedByDivision(operation),
});
