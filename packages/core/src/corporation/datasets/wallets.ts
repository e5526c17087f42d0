import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";
import { isk } from "../../dataset/words.ts";

const operation = "GetCorporationsCorporationIdWallets";

/** EVE names the first division so as long as nobody else does, and the others by their number. */
const unnamed = (division: number): string => (division === 1 ? "Master wallet" : `Division ${division}`);

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
  history: ({ change, row, before, after }, name) => {
    if (change !== "changed") return undefined;
    const moved = Number(after.balance) - Number(before.balance);
    const named = name("division", row.division);
    const division = named === String(row.division) ? unnamed(row.division as number) : named;
    return {
      kind: moved > 0 ? "isk.in" : "isk.out",
      text: `${division}: ${moved > 0 ? "+" : "-"}${isk(Math.abs(moved))}, now ${isk(after.balance)}`,
    };
  },
  fetch: single(operation),
});
