import * as z from "zod";
import type { DatasetShape } from "./shape.ts";

/** Bookings of a wallet, with the balance after each. */
export const walletJournal = {
  storage: "ledger",
  dateColumn: "date",
  row: z.object({
    id: z.int(),
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
  key: ["id"],
  columns: {
    id: { title: "Id", kind: "id", hidden: true },
    date: { title: "Date", kind: "date" },
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
} as const satisfies DatasetShape;
