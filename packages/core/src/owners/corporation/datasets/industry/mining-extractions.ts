import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { moment } from "../../../../engine/dataset/format.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { withMoons } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationCorporationIdMiningExtractions";

export const miningExtractions = define({
  name: "mining-extractions",
  title: "Moon extractions",
  screen: { group: "Industry", place: "main" },
  queue: "industry",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    structure_id: z.int(),
    moon_id: z.int(),
    moon: z.string().optional(),
    extraction_start_time: z.string(),
    chunk_arrival_time: z.string(),
    natural_decay_time: z.string(),
  }),
  // A refinery has one moon drill.
  key: ["structure_id"],
  columns: {
    structure_id: { title: "Refinery", kind: "location" },
    moon: { title: "Moon", kind: "text" },
    chunk_arrival_time: { title: "Chunk arrives", kind: "date" },
    natural_decay_time: { title: "Breaks up by itself", kind: "date" },
    extraction_start_time: { title: "Started", kind: "date" },
    moon_id: { title: "Moon id", kind: "id", hidden: true },
  },
  sort: "chunk_arrival_time",
  history: ({ change, row, after }, name) => {
    if (change === "changed" && !("chunk_arrival_time" in after)) return undefined;
    const where = name("location", row.structure_id);
    if (change === "removed") return { kind: "extraction.ended", text: `The extraction at ${where} has ended` };
    const when = row.chunk_arrival_time ? `, its chunk arrives at ${moment(row.chunk_arrival_time)}` : "";
    return { kind: "extraction.scheduled", text: `${where} extracts${when}` };
  },
  fetch: paged(operation, { toRows: withMoons }),
});
