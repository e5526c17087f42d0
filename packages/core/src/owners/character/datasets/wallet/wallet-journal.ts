import { newestPages } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { walletJournal as shape } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCharactersCharacterIdWalletJournal";

export const walletJournal = define({
  ...shape,
  name: "wallet-journal",
  title: "Wallet journal",
  screen: { group: "Wallet", place: "home", label: "Entries" },
  queue: "wallet-journal",
  operations: [operation],
  fetch: newestPages(operation, { id: "id", date: "date" }),
});
