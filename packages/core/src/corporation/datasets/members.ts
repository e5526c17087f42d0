import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";
import * as Names from "../../names/index.ts";

const operation = "GetCorporationsCorporationIdMembers";

export const members = define({
  name: "members",
  title: "Members",
  group: "Members",
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ character_id: z.int(), name: z.string().optional() }),
  key: ["character_id"],
  columns: {
    character_id: { title: "Character", kind: "id", hidden: true },
    name: { title: "Name", kind: "text" },
  },
  sort: "name",
  history: ({ change, row }) => {
    const who = row.name ?? row.character_id;
    if (change === "changed") return undefined;
    return change === "added"
      ? { kind: "member.joined", text: `${who} joined` }
      : { kind: "member.left", text: `${who} left` };
  },
  fetch: single(operation, async (ids: number[], context) => {
    const previous = await context.previous();
    const known = (id: number) => previous.value("name", previous.find(id)) as string | undefined;
    const names = await Names.resolve(ids.filter((id) => known(id) === undefined));
    return ids.map((id) => {
      const name = known(id) ?? names.get(id);
      return { character_id: id, ...(name ? { name } : {}) };
    });
  }),
});
