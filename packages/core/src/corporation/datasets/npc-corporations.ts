import * as z from "zod";
import { define } from "../../dataset/index.ts";
import { rowsOfIds, withNames } from "../../dataset/name-columns.ts";
import { shared } from "../../dataset/shared.ts";

const operation = "GetCorporationsNpccorps";

export const npcCorporations = define({
  name: "npc-corporations",
  title: "NPC corporations",
  group: "Affairs",
  queue: "public",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ corporation_id: z.int(), name: z.string().optional() }),
  key: ["corporation_id"],
  columns: {
    name: { title: "Name", kind: "text" },
    corporation_id: { title: "Corporation id", kind: "id" },
  },
  sort: "name",
  fetch: shared(operation, (ids: number[], context) =>
    withNames(rowsOfIds(ids, "corporation_id"), { corporation_id: "name" }, context),
  ),
});
