import * as z from "zod";
import { define } from "../../dataset/index.ts";
import { shared } from "../../dataset/shared.ts";
import * as Names from "../../names/index.ts";

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
  fetch: shared(operation, async (ids: number[]) => {
    const names = await Names.resolve(ids);
    return ids.map((corporation_id) => {
      const name = names.get(corporation_id);
      return { corporation_id, ...(name ? { name } : {}) };
    });
  }),
});
