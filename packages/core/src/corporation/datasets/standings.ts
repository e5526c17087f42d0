import * as z from "zod";
import { paged } from "../../dataset/fetch.ts";
import { define, type Row } from "../../dataset/index.ts";
import { withNames } from "../../dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdStandings";

export const standings = define({
  name: "standings",
  title: "Standings",
  group: "Affairs",
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ from_id: z.int(), from_type: z.string(), standing: z.number(), name: z.string().optional() }),
  key: ["from_id"],
  columns: {
    name: { title: "Of", kind: "text" },
    from_type: { title: "Type", kind: "enum" },
    standing: { title: "Standing", kind: "number" },
    from_id: { title: "Id", kind: "party", hidden: true },
  },
  sort: "-standing",
  fetch: paged(operation, { toRows: (rows: Row[], context) => withNames(rows, { from_id: "name" }, context) }),
});
