import * as z from "zod";
import { fromId } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { walletTransactions as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCharactersCharacterIdWalletTransactions";

export const walletTransactions = define({
  ...shape,
  name: "wallet-transactions",
  title: "Wallet transactions",
  screen: { group: "Wallet", place: "main", label: "Transactions" },
  queue: "wallet-transactions",
  operations: [operation],
  row: shape.row.extend({ is_personal: z.boolean() }),
  columns: { ...shape.columns, is_personal: { title: "Personal", kind: "boolean", hidden: true } },
  fetch: fromId(operation, "transaction_id"),
});
