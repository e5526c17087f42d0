import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { withPlanets } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsStructuresSkyhooksListing";

/** What a skyhook's planet is called. */
export const planetOf = ({ planet, planet_id }: Row): string => String(planet ?? `planet ${planet_id}`);

export const skyhooks = define({
  name: "skyhooks",
  title: "Skyhooks",
  screen: { group: "Structures", place: "supporting" },
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
    const where = planetOf(row);
    return change === "added"
      ? { kind: "skyhook.added", text: `A skyhook stands at ${where}` }
      : { kind: "skyhook.gone", text: `The skyhook at ${where} is gone` };
  },
  fetch: single(operation, ({ skyhooks }: { skyhooks: Row[] }, context) => withPlanets(skyhooks, context)),
});
