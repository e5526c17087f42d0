import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define, type Row } from "../../dataset/index.ts";
import { withNames } from "../../dataset/name-columns.ts";
import * as Names from "../../names/index.ts";

const operation = "GetCorporationsStructuresSkyhooksListing";

export const skyhooks = define({
  name: "skyhooks",
  title: "Skyhooks",
  group: "Structures",
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  minIntervalSeconds: 900,
  row: z.object({ id: z.int(), planet_id: z.int(), planet: z.string().optional() }),
  key: ["id"],
  columns: {
    planet: { title: "Planet", kind: "text" },
    planet_id: { title: "Planet id", kind: "id", hidden: true },
    id: { title: "Skyhook id", kind: "id", hidden: true },
  },
  sort: "planet",
  history: ({ change, row }) => {
    if (change === "changed") return undefined;
    const where = row.planet ?? `planet ${row.planet_id}`;
    return change === "added"
      ? { kind: "skyhook.added", text: `A skyhook stands at ${where}` }
      : { kind: "skyhook.gone", text: `The skyhook at ${where} is gone` };
  },
  fetch: single(operation, ({ skyhooks }: { skyhooks: Row[] }, context) =>
    withNames(skyhooks, { planet_id: "planet" }, context, Names.celestials("planet")),
  ),
});
