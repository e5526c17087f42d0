import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdMembersLimit";

export const memberLimit = define({
  name: "member-limit",
  title: "Member limit",
  screen: { group: "Members", place: "supporting" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ corporation_id: z.int(), limit: z.int() }),
  key: ["corporation_id"],
  columns: {
    corporation_id: { title: "Corporation id", kind: "party", hidden: true },
    limit: { title: "Members at most", kind: "number" },
  },
  sort: "limit",
  // The CEO is not counted.
  fetch: single(operation, (limit: number, { owner }) => [{ corporation_id: owner.id, limit }]),
});
