import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsStructuresSovereigntyHubsListing";

export const sovereigntyHubs = define({
  name: "sovereignty-hubs",
  title: "Sovereignty hubs",
  screen: { group: "Structures", place: "supporting" },
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  minIntervalSeconds: 900,
  row: z.object({ id: z.int(), solar_system_id: z.int() }),
  key: ["id"],
  columns: {
    solar_system_id: { title: "System", kind: "system" },
    id: { title: "Hub id", kind: "id", hidden: true },
  },
  sort: "solar_system_id",
  history: ({ change, row }, name) => {
    const where = name("system", row.solar_system_id);
    if (change === "changed") return undefined;
    return change === "added"
      ? { kind: "sovereignty.gained", text: `A sovereignty hub stands in ${where}` }
      : { kind: "sovereignty.lost", text: `The sovereignty hub in ${where} is gone` };
  },
  fetch: single(operation, ({ sovereignty_hubs: hubs }: { sovereignty_hubs: Row[] }) => hubs),
});
