import * as z from "zod";
import { newestPagesByDivision } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { walletJournal as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdWalletsDivisionJournal";

const { id, date, ...columns } = shape.columns;

export const walletJournal = define({
  ...shape,
  name: "wallet-journal",
  title: "Wallet journal",
  screen: { group: "Wallet", place: "home", label: "Balances and entries" },
  queue: "wallet-journal",
  operations: [operation],
  row: shape.row.extend({ division: z.int() }),
  // A transfer between two divisions of one corporation shows under the same id in both.
  key: ["id", "division"],
  columns: { id, date, division: { title: "Division", kind: "division" }, ...columns },
  fetch: newestPagesByDivision(operation, { id: "id", date: "date" }),
});
