import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { amount } from "../../../../engine/dataset/format.ts";
import { define, type Happening, type NameOf, type Row, type RowChange } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCharactersCharacterIdLoyaltyPoints";

function describe({ change, row, before, after }: RowChange, name: NameOf): Happening | undefined {
  // A corporation is listed from the first points on.
  const points = change === "added" ? row.loyalty_points : after.loyalty_points;
  if (points === undefined) return undefined;
  const moved = Number(points) - Number(before.loyalty_points ?? 0);
  const text = `${amount(Math.abs(moved))} loyalty points of ${row.name ?? name("party", row.corporation_id)}`;
  return moved > 0
    ? { kind: "loyalty.earned", text: `Earned ${text}` }
    : { kind: "loyalty.spent", text: `Spent ${text}` };
}

export const loyaltyPoints = define({
  name: "loyalty-points",
  title: "Loyalty points",
  screen: { group: "Wallet", place: "main" },
  queue: "wallets",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ corporation_id: z.int(), loyalty_points: z.int(), name: z.string().optional() }),
  key: ["corporation_id"],
  columns: {
    name: { title: "Corporation", kind: "text" },
    loyalty_points: { title: "Points", kind: "number" },
    corporation_id: { title: "Id", kind: "party", hidden: true },
  },
  sort: "-loyalty_points",
  history: describe,
  fetch: single(operation, (rows: Row[], context) => withNames(rows, { corporation_id: "name" }, context)),
});
