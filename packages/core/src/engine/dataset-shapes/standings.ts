import * as z from "zod";
import type { FetchContext, Row } from "../dataset/index.ts";
import { withNames } from "../dataset/name-columns.ts";
import type { DatasetShape } from "./shape.ts";

/** Standings that NPCs have towards an owner. */
export const standings = {
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
} as const satisfies DatasetShape;

/** ESI's standings as rows, with the names of the NPCs. */
export const standingRows = (rows: Row[], context: FetchContext): Promise<Row[]> =>
  withNames(rows, { from_id: "name" }, context);
