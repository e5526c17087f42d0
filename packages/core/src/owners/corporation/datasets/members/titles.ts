import * as z from "zod";
import { eachRow } from "../../../../engine/dataset/each-row.ts";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { roleColumns, roleShape, withRoleTexts } from "./role-columns.ts";

const operation = "GetCorporationsCorporationIdTitles";

export const titles = define({
  name: "titles",
  title: "Titles",
  screen: { group: "Members", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ title_id: z.int(), name: z.string().optional(), ...roleShape }),
  key: ["title_id"],
  columns: {
    title_id: { title: "Title id", kind: "id", hidden: true },
    name: { title: "Title", kind: "text" },
    ...roleColumns,
  },
  sort: "title_id",
  fetch: single(operation, (rows: Row[]) => eachRow(rows, withRoleTexts)),
});
