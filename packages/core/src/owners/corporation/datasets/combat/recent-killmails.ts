import * as z from "zod";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdKillmailsRecent";

export const recentKillmails = define({
  name: "recent-killmails",
  title: "Recent killmails",
  screen: { group: "Combat", place: "supporting" },
  queue: "killmails",
  operations: [operation],
  // The last 90 days, as ESI lists them; what happened is kept for good by the killmails themselves.
  storage: "snapshot",
  row: z.object({ killmail_id: z.int(), killmail_hash: z.string() }),
  key: ["killmail_id"],
  columns: {
    killmail_id: { title: "Killmail id", kind: "id" },
    killmail_hash: { title: "Hash", kind: "text" },
  },
  sort: "-killmail_id",
  fetch: paged(operation),
});
