import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { balanceMoved } from "../../../../engine/dataset-shapes/index.ts";

const operation = "GetCorporationsCorporationIdWallets";

/** EVE names the first division so as long as nobody else does, and the others by their number. */
const unnamed = (division: number): string => (division === 1 ? "Master wallet" : `Division ${division}`);

export const wallets = define({
  name: "wallets",
  title: "Wallet balances",
  screen: { group: "Wallet", place: "part" },
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
  history: (change, name) => {
    const moved = balanceMoved(change);
    if (!moved) return undefined;
    const { division } = change.row;
    const named = name("division", division);
    const wallet = named === String(division) ? unnamed(division as number) : named;
    return { ...moved, text: `${wallet}: ${moved.text}` };
  },
  fetch: single(operation),
});
