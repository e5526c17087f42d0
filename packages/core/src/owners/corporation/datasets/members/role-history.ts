import * as z from "zod";
import { eachRow } from "../../../../engine/dataset/each-row.ts";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { roleText } from "./role-columns.ts";

const operation = "GetCorporationsCorporationIdRolesHistory";

const asTexts = (row: Row): Row => ({
  ...row,
  old_roles: roleText(row.old_roles as string[]),
  new_roles: roleText(row.new_roles as string[]),
});

export const roleHistory = define({
  name: "role-history",
  title: "Role history",
  screen: { group: "Members", place: "main" },
  queue: "members",
  operations: [operation],
  // ESI forgets a change after a month.
  storage: "ledger",
  dateColumn: "changed_at",
  row: z.object({
    changed_at: z.string(),
    character_id: z.int(),
    issuer_id: z.int(),
    role_type: z.string(),
    old_roles: z.string(),
    new_roles: z.string(),
  }),
  // A change has no id of its own.
  key: ["changed_at", "character_id", "role_type", "issuer_id", "old_roles", "new_roles"],
  columns: {
    changed_at: { title: "Changed", kind: "date" },
    character_id: { title: "Character", kind: "character" },
    role_type: { title: "Where", kind: "enum" },
    old_roles: { title: "Before", kind: "text" },
    new_roles: { title: "After", kind: "text" },
    issuer_id: { title: "By", kind: "character" },
  },
  sort: "-changed_at",
  fetch: paged(operation, { toRows: (rows: Row[]) => eachRow(rows, asTexts) }),
});
