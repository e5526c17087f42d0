import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdDivisions";

interface Divisions {
  hangar?: Row[];
  wallet?: Row[];
}

export const divisions = define({
  name: "divisions",
  title: "Divisions",
  screen: { group: "Corporation", place: "main" },
  queue: "public",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ kind: z.enum(["hangar", "wallet"]), division: z.int(), name: z.string().optional() }),
  key: ["kind", "division"],
  columns: {
    kind: { title: "Kind", kind: "enum" },
    division: { title: "Division", kind: "number" },
    name: { title: "Name", kind: "text" },
  },
  sort: "kind",
  history: ({ change, row, before, after }) =>
    change === "changed"
      ? {
          kind: "division.renamed",
          text: `${row.kind === "wallet" ? "Wallet" : "Hangar"} division ${row.division} is now called ${after.name ?? "nothing"}, before ${before.name ?? "nothing"}`,
        }
      : undefined,
  fetch: single(operation, ({ hangar = [], wallet = [] }: Divisions) => [
    ...hangar.map((row) => ({ ...row, kind: "hangar" })),
    ...wallet.map((row) => ({ ...row, kind: "wallet" })),
  ]),
});
