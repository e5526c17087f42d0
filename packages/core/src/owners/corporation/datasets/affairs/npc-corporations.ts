import * as z from "zod";
import { define } from "../../../../engine/dataset/index.ts";
import { rowsOfIds, withNames } from "../../../../engine/dataset/name-columns.ts";
import { shared } from "../../../../engine/dataset/shared.ts";

const operation = "GetCorporationsNpccorps";

export const npcCorporations = define({
  name: "npc-corporations",
  title: "NPC corporations",
  screen: { group: "Affairs", place: "supporting" },
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
