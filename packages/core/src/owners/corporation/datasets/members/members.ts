import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";
import { rowsOfIds, withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdMembers";

export const members = define({
  name: "members",
  title: "Members",
  screen: { group: "Members", place: "part" },
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
  fetch: single(operation, (ids: number[], context) =>
    withNames(rowsOfIds(ids, "character_id"), { character_id: "name" }, context),
  ),
});
