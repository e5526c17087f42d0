import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdMedals";

export const medals = define({
  name: "medals",
  title: "Medals",
  screen: { group: "Affairs", place: "main" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    medal_id: z.int(),
    title: z.string(),
    description: z.string(),
    creator_id: z.int(),
    created_at: z.string(),
  }),
  key: ["medal_id"],
  columns: {
    title: { title: "Medal", kind: "text" },
    description: { title: "Description", kind: "text" },
    creator_id: { title: "Creator", kind: "character" },
    created_at: { title: "Created", kind: "date" },
    medal_id: { title: "Medal id", kind: "id", hidden: true },
  },
  sort: "title",
  fetch: paged(operation),
});
