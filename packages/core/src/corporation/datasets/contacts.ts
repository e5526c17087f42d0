import * as z from "zod";
import { eachRow } from "../../dataset/each-row.ts";
import { paged } from "../../dataset/fetch.ts";
import { define, type Row } from "../../dataset/index.ts";
import { withNames } from "../../dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdContacts";

const flat = ({ label_ids, ...row }: Row): Row => ({
  ...row,
  ...(label_ids ? { label_ids: [...(label_ids as number[])].sort((a, b) => a - b).join(", ") } : {}),
});

export const contacts = define({
  name: "contacts",
  title: "Contacts",
  group: "Affairs",
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    contact_id: z.int(),
    contact_type: z.string(),
    standing: z.number(),
    name: z.string().optional(),
    label_ids: z.string().optional(),
    is_watched: z.boolean().optional(),
  }),
  key: ["contact_id"],
  columns: {
    name: { title: "Contact", kind: "text" },
    contact_type: { title: "Type", kind: "enum" },
    standing: { title: "Standing", kind: "number" },
    label_ids: { title: "Labels", kind: "text" },
    is_watched: { title: "Watched", kind: "boolean", hidden: true },
    contact_id: { title: "Contact id", kind: "party", hidden: true },
  },
  sort: "-standing",
  fetch: paged(operation, {
    toRows: (rows: Row[], context) => withNames(eachRow(rows, flat), { contact_id: "name" }, context),
  }),
});
