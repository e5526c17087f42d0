import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdMembertracking";

export const memberTracking = define({
  name: "member-tracking",
  title: "Member tracking",
  screen: { group: "Members", place: "home", label: "Roster" },
  queue: "members",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    character_id: z.int(),
    base_id: z.int().optional(),
    location_id: z.int().optional(),
    logoff_date: z.string().optional(),
    logon_date: z.string().optional(),
    ship_type_id: z.int().optional(),
    start_date: z.string().optional(),
  }),
  key: ["character_id"],
  columns: {
    character_id: { title: "Character", kind: "character" },
    logon_date: { title: "Last login", kind: "date" },
    logoff_date: { title: "Last logout", kind: "date" },
    ship_type_id: { title: "Ship", kind: "type" },
    location_id: { title: "Location", kind: "location" },
    start_date: { title: "Joined", kind: "date" },
    base_id: { title: "Base", kind: "location", hidden: true },
  },
  sort: "-logon_date",
  fetch: single(operation),
});
