import * as z from "zod";
import { eachRow } from "../../../../engine/dataset/each-row.ts";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { roleColumns, roleHistoryOf, roleShape, withRoleTexts } from "./role-columns.ts";

const operation = "GetCorporationsCorporationIdRoles";

export const roles = define({
  name: "roles",
  title: "Roles",
  screen: { group: "Members", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ character_id: z.int(), ...roleShape }),
  key: ["character_id"],
  columns: { character_id: { title: "Character", kind: "character" }, ...roleColumns },
  sort: "character_id",
  history: roleHistoryOf,
  fetch: single(operation, (rows: Row[]) => eachRow(rows, withRoleTexts)),
});
