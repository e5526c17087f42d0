import * as z from "zod";
import { fromIdByDivision } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { walletTransactions as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdWalletsDivisionTransactions";

const { transaction_id, date, ...columns } = shape.columns;

export const walletTransactions = define({
  ...shape,
  name: "wallet-transactions",
  title: "Wallet transactions",
  screen: { group: "Wallet", place: "part" },
  queue: "wallet-transactions",
  operations: [operation],
  row: shape.row.extend({ division: z.int() }),
  key: ["transaction_id", "division"],
  columns: { transaction_id, date, division: { title: "Division", kind: "division" }, ...columns },
  fetch: fromIdByDivision(operation, "transaction_id"),
});
