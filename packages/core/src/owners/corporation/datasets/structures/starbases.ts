import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { plain } from "../../../../engine/dataset/format.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { withMoons } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdStarbases";

export const starbases = define({
  name: "starbases",
  title: "Starbases",
  screen: { group: "Structures", place: "main" },
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    starbase_id: z.int(),
    type_id: z.int(),
    system_id: z.int(),
    moon_id: z.int().optional(),
    moon: z.string().optional(),
    state: z.string().optional(),
    onlined_since: z.string().optional(),
    reinforced_until: z.string().optional(),
    unanchor_at: z.string().optional(),
  }),
  key: ["starbase_id"],
  columns: {
    type_id: { title: "Type", kind: "type" },
    system_id: { title: "System", kind: "system" },
    moon: { title: "Moon", kind: "text" },
    state: { title: "State", kind: "enum" },
    reinforced_until: { title: "Reinforced until", kind: "date" },
    onlined_since: { title: "Online since", kind: "date" },
    unanchor_at: { title: "Unanchors", kind: "date" },
    moon_id: { title: "Moon id", kind: "id", hidden: true },
    starbase_id: { title: "Starbase id", kind: "id", hidden: true },
  },
  sort: "system_id",
  history: ({ change, row, before, after }, name) => {
    const it = `${name("type", row.type_id)} in ${name("system", row.system_id)}`;
    if (change === "added") return { kind: "starbase.added", text: `${it} was anchored` };
    if (change === "removed") return { kind: "starbase.gone", text: `${it} is gone` };
    if (!("state" in after)) return undefined;
    return { kind: "starbase.state", text: `${it}: ${plain(before.state)}, now ${plain(after.state)}` };
  },
  fetch: paged(operation, { toRows: withMoons }),
});
