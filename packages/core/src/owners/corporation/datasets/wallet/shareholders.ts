import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdShareholders";

export const shareholders = define({
  name: "shareholders",
  title: "Shareholders",
  screen: { group: "Wallet", place: "main" },
  queue: "wallets",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    shareholder_id: z.int(),
    shareholder_type: z.string(),
    share_count: z.int(),
    name: z.string().optional(),
  }),
  key: ["shareholder_id"],
  columns: {
    name: { title: "Holder", kind: "text" },
    shareholder_type: { title: "Type", kind: "enum" },
    share_count: { title: "Shares", kind: "number" },
    shareholder_id: { title: "Holder id", kind: "party", hidden: true },
  },
  sort: "-share_count",
  fetch: paged(operation, { toRows: (rows: Row[], context) => withNames(rows, { shareholder_id: "name" }, context) }),
});
