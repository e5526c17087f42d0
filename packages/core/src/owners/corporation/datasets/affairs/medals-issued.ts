import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdMedalsIssued";

export const medalsIssued = define({
  name: "medals-issued",
  title: "Medals issued",
  screen: { group: "Affairs", place: "main" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    medal_id: z.int(),
    character_id: z.int(),
    issued_at: z.string(),
    issuer_id: z.int(),
    reason: z.string(),
    status: z.string(),
  }),
  // One pilot may be given the same medal again.
  key: ["medal_id", "character_id", "issued_at"],
  columns: {
    issued_at: { title: "Issued", kind: "date" },
    character_id: { title: "To", kind: "character" },
    reason: { title: "Reason", kind: "text" },
    issuer_id: { title: "By", kind: "character" },
    status: { title: "Status", kind: "enum" },
    medal_id: { title: "Medal id", kind: "id", hidden: true },
  },
  sort: "-issued_at",
  history: ({ change, row }, name) =>
    change === "added"
      ? { kind: "medal.issued", text: `${name("character", row.character_id)} was given a medal: ${row.reason}` }
      : undefined,
  fetch: paged(operation),
});
