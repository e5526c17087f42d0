import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define, type Row } from "../../dataset/index.ts";

const operation = "GetCorporationsStructuresSkyhooksListing";

export const skyhooks = define({
  name: "skyhooks",
  title: "Skyhooks",
  group: "Structures",
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  minIntervalSeconds: 900,
  row: z.object({ id: z.int(), planet_id: z.int() }),
  key: ["id"],
  columns: {
    id: { title: "Skyhook id", kind: "id" },
    planet_id: { title: "Planet id", kind: "id" },
  },
  sort: "id",
  history: ({ change, row }) => {
    if (change === "changed") return undefined;
    return change === "added"
      ? { kind: "skyhook.added", text: `Skyhook ${row.id} stands at planet ${row.planet_id}` }
      : { kind: "skyhook.gone", text: `Skyhook ${row.id} is gone from planet ${row.planet_id}` };
  },
  fetch: single(operation, ({ skyhooks }: { skyhooks: Row[] }) => skyhooks),
});
