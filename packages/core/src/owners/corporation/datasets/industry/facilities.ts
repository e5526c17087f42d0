import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdFacilities";

export const facilities = define({
  name: "facilities",
  title: "Facilities",
  screen: { group: "Industry", place: "main" },
  queue: "industry",
  operations: [operation],
  storage: "snapshot",
  row: z.object({ facility_id: z.int(), system_id: z.int(), type_id: z.int() }),
  key: ["facility_id"],
  columns: {
    facility_id: { title: "Facility", kind: "location" },
    type_id: { title: "Type", kind: "type" },
    system_id: { title: "System", kind: "system" },
  },
  sort: "facility_id",
  fetch: single(operation),
});
