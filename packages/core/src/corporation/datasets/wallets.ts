import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";

const operation = "GetCorporationsCorporationIdWallets";

export const wallets = define({
  name: "wallets",
  title: "Wallet balances",
  group: "Wallet",
  queue: "wallets",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ division: z.int(), balance: z.number() }),
  key: ["division"],
  columns: {
    division: { title: "Division", kind: "division" },
    balance: { title: "Balance", kind: "isk" },
  },
  sort: "division",
  fetch: single(operation),
});
