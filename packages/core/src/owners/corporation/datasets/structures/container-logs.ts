import * as z from "zod";
import { eachRow } from "../../../../engine/dataset/each-row.ts";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdContainersLogs";

const named = (row: Row) =>
  [row.logged_at, row.container_id, row.character_id, row.action, row.location_flag, row.type_id, row.quantity].join();

/**
 * Entries have no id, and two of one second may be alike in everything: each is numbered among its likes. They enter and
 * leave ESI's week together, so the numbers stay the same.
 */
function numbered(rows: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  return eachRow(rows, (row) => {
    const name = named(row);
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    return { ...row, number };
  });
}

export const containerLogs = define({
  name: "container-logs",
  title: "Container logs",
  screen: { group: "Structures", place: "main" },
  queue: "structures",
  operations: [operation],
  // ESI forgets an entry after a week.
  storage: "ledger",
  dateColumn: "logged_at",
  row: z.object({
    logged_at: z.string(),
    container_id: z.int(),
    container_type_id: z.int(),
    character_id: z.int(),
    action: z.string(),
    location_id: z.int(),
    location_flag: z.string(),
    type_id: z.int().optional(),
    quantity: z.int().optional(),
    password_type: z.string().optional(),
    old_config_bitmask: z.int().optional(),
    new_config_bitmask: z.int().optional(),
    number: z.int(),
  }),
  key: ["logged_at", "container_id", "character_id", "action", "location_flag", "type_id", "quantity", "number"],
  columns: {
    logged_at: { title: "At", kind: "date" },
    character_id: { title: "Pilot", kind: "character" },
    action: { title: "Action", kind: "enum" },
    type_id: { title: "Item", kind: "type" },
    quantity: { title: "Quantity", kind: "number" },
    container_type_id: { title: "Container type", kind: "type" },
    container_id: { title: "Container", kind: "location" },
    location_id: { title: "In", kind: "location" },
    location_flag: { title: "Place", kind: "enum", hidden: true },
    password_type: { title: "Password", kind: "enum", hidden: true },
    old_config_bitmask: { title: "Settings before", kind: "number", hidden: true },
    new_config_bitmask: { title: "Settings after", kind: "number", hidden: true },
  },
  sort: "-logged_at",
  fetch: paged(operation, { toRows: (rows: Row[]) => numbered(rows) }),
});
