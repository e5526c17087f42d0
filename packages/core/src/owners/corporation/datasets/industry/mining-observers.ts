import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationCorporationIdMiningObservers";

export const miningObservers = define({
  name: "mining-observers",
  title: "Mining observers",
  screen: { group: "Industry", place: "supporting" },
  queue: "industry",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ observer_id: z.int(), observer_type: z.string(), last_updated: z.string() }),
  key: ["observer_id"],
  columns: {
    observer_id: { title: "Observer", kind: "location" },
    observer_type: { title: "Type", kind: "enum" },
    last_updated: { title: "Last mined", kind: "date" },
  },
  sort: "-last_updated",
  fetch: paged(operation),
});
