import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCharactersCharacterIdOnline";

export const online = define({
  name: "online",
  title: "Logins",
  screen: { group: "Location", place: "main" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    character_id: z.int(),
    online: z.boolean(),
    last_login: z.string().optional(),
    last_logout: z.string().optional(),
    logins: z.int().optional(),
  }),
  key: ["character_id"],
  columns: {
    character_id: { title: "Character", kind: "character", hidden: true },
    online: { title: "Online", kind: "boolean" },
    last_login: { title: "Last login", kind: "date" },
    last_logout: { title: "Last logout", kind: "date" },
    logins: { title: "Logins", kind: "number" },
  },
  sort: "character_id",
  history: ({ after }) =>
    after.online === undefined ? undefined : { kind: "pilot.online", text: after.online ? "Logged in" : "Logged out" },
  fetch: single(operation, (state: Row, { owner }) => [{ ...state, character_id: owner.id }]),
});
