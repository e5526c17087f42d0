import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdAlliancehistory";

export const allianceHistory = define({
  name: "alliance-history",
  title: "Alliance history",
  screen: { group: "Corporation", place: "main" },
  queue: "public",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    record_id: z.int(),
    start_date: z.string(),
    alliance_id: z.int().optional(),
    alliance_name: z.string().optional(),
    is_deleted: z.boolean().optional(),
  }),
  key: ["record_id"],
  columns: {
    start_date: { title: "From", kind: "date" },
    alliance_name: { title: "Alliance", kind: "text" },
    alliance_id: { title: "Alliance id", kind: "party", hidden: true },
    is_deleted: { title: "Alliance closed", kind: "boolean" },
    record_id: { title: "Record", kind: "id", hidden: true },
  },
  sort: "-start_date",
  history: ({ change, row }) =>
    change === "added"
      ? {
          kind: "corporation.alliance",
          text: row.alliance_id ? `Joined ${row.alliance_name ?? row.alliance_id}` : "Left its alliance",
        }
      : undefined,
  fetch: single(operation, (rows: Row[], context) => withNames(rows, { alliance_id: "alliance_name" }, context)),
});
