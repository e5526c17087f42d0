import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { rowsOfIds } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCharactersCharacterIdImplants";

/** Those of the clone that the pilot is in: another clone has others. */
export const implants = define({
  name: "implants",
  title: "Implants",
  screen: { group: "Skills", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ type_id: z.int() }),
  // A clone holds each implant once.
  key: ["type_id"],
  columns: { type_id: { title: "Implant", kind: "type" } },
  sort: "type_id",
  history: ({ change, row }, name) => {
    const implant = name("type", row.type_id);
    return change === "added"
      ? { kind: "implant.plugged_in", text: `${implant} is plugged in` }
      : { kind: "implant.removed", text: `${implant} is not in the active clone any more` };
  },
  fetch: single(operation, (ids: unknown[]) => rowsOfIds(ids, "type_id")),
});
