import * as z from "zod";
import { eachRow } from "../dataset/each-row.ts";
import type { FetchContext, Row } from "../dataset/index.ts";
import { withNames } from "../dataset/name-columns.ts";
import type { DatasetShape } from "./shape.ts";

const flat = ({ label_ids, ...row }: Row): Row => ({
  ...row,
  ...(label_ids ? { label_ids: [...(label_ids as number[])].sort((a, b) => a - b).join(", ") } : {}),
});

/** Contacts with the standing that the owner gave them. */
export const contacts = {
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
} as const satisfies DatasetShape;

/** ESI's contacts as rows, with their names. */
export const contactRows = (rows: Row[], context: FetchContext): Promise<Row[]> =>
  withNames(eachRow(rows, flat), { contact_id: "name" }, context);
