import { isk } from "../dataset/format.ts";
import type { Happening, RowChange } from "../dataset/index.ts";

/** How a balance moved, e.g. `+10 ISK, now 250 ISK`; undefined: the row has come or gone. */
export function balanceMoved({ change, before, after }: RowChange): Happening | undefined {
  if (change !== "changed" || after.balance === undefined) return undefined;
  const moved = Number(after.balance) - Number(before.balance);
  const text = `${moved > 0 ? "+" : "-"}${isk(Math.abs(moved))}, now ${isk(after.balance)}`;
  return { kind: moved > 0 ? "isk.in" : "isk.out", text };
}
