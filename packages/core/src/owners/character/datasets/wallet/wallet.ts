import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { balanceMoved } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCharactersCharacterIdWallet";

export const wallet = define({
  name: "wallet",
  title: "Wallet balance",
  screen: { group: "Wallet", place: "main", label: "Balance" },
  queue: "wallets",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ character_id: z.int(), balance: z.number() }),
  key: ["character_id"],
  columns: {
    character_id: { title: "Character", kind: "character", hidden: true },
    balance: { title: "Balance", kind: "isk" },
  },
  sort: "character_id",
  history: balanceMoved,
  fetch: single(operation, (balance: number, { owner }) => [{ character_id: owner.id, balance }]),
});
