import * as z from "zod";
import { eachRow } from "../../../../engine/dataset/each-row.ts";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdMembersTitles";

interface Member {
  character_id: number;
  titles: number[];
}

export const memberTitles = define({
  name: "member-titles",
  title: "Members' titles",
  screen: { group: "Members", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  after: ["titles"],
  row: z.object({ character_id: z.int(), title_id: z.int(), title: z.string().optional() }),
  key: ["character_id", "title_id"],
  columns: {
    character_id: { title: "Character", kind: "character" },
    title: { title: "Title", kind: "enum" },
    title_id: { title: "Title id", kind: "id", hidden: true },
  },
  sort: "character_id",
  history: ({ change, row }, name) => {
    const who = name("character", row.character_id);
    const title = row.title ?? `title ${row.title_id}`;
    if (change === "changed") return undefined;
    return change === "added"
      ? { kind: "title.given", text: `${who} was given the title ${title}` }
      : { kind: "title.taken", text: `${who} lost the title ${title}` };
  },
  fetch: single(operation, async (members: Member[], context) => {
    const titles = await context.view("titles");
    return eachRow(members, ({ character_id, titles: held }) =>
      held.map((title_id) => {
        const title = titles.value("name", titles.find(title_id));
        return { character_id, title_id, ...(title === undefined ? {} : { title }) };
      }),
    );
  }),
});
