import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details } from "../../../../engine/dataset/detail.ts";
import { plain } from "../../../../engine/dataset/format.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { withPlanets } from "../../../../engine/dataset/name-columns.ts";
import { canonical, later } from "../../../../platform/moment/index.ts";
import { planetOf } from "./skyhooks.ts";

const operation = "GetCorporationsStructuresSkyhooksDetail";

interface Reagent {
  type_id: number;
  secured_stock: number;
  unsecured_stock: number;
  last_cycle: string;
}

interface Skyhook {
  reagents?: Reagent[];
  reinforcement_timer?: { end: string };
  theft_vulnerability?: { start: string; end: string };
}

function flat({ reagents = [], reinforcement_timer: timer, theft_vulnerability: theft, ...skyhook }: Skyhook): Row {
  const sum = (of: (reagent: Reagent) => number) => reagents.reduce((total, reagent) => total + of(reagent), 0);
  const cycles = reagents.flatMap(({ last_cycle }) => canonical(last_cycle) ?? []);
  const lastCycle = cycles.length > 0 ? cycles.reduce(later) : undefined;
  return {
    ...skyhook,
    reagents,
    secured_stock: sum((reagent) => reagent.secured_stock),
    unsecured_stock: sum((reagent) => reagent.unsecured_stock),
    ...(reagents[0] ? { reagent_type_id: reagents[0].type_id } : {}),
    ...(lastCycle ? { last_cycle: lastCycle } : {}),
    ...(timer ? { reinforced_until: timer.end } : {}),
    ...(theft ? { vulnerable_from: theft.start, vulnerable_until: theft.end } : {}),
  };
}

export const skyhookDetails = define({
  name: "skyhook-details",
  title: "Skyhook stock and state",
  screen: { group: "Structures", place: "main" },
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  detailOf: "skyhooks",
  row: z.object({
    id: z.int(),
    planet_id: z.int(),
    planet: z.string().optional(),
    state: z.string(),
    is_active: z.boolean(),
    effective_workforce: z.int().optional(),
    reagent_type_id: z.int().optional(),
    secured_stock: z.int(),
    unsecured_stock: z.int(),
    last_cycle: z.string().optional(),
    reagents: z
      .array(
        z.object({
          type_id: z.int(),
          secured_stock: z.int(),
          unsecured_stock: z.int(),
          last_cycle: z.string().optional(),
        }),
      )
      .optional(),
    reinforced_until: z.string().optional(),
    vulnerable_from: z.string().optional(),
    vulnerable_until: z.string().optional(),
  }),
  key: ["id"],
  columns: {
    planet: { title: "Planet", kind: "text" },
    state: { title: "State", kind: "enum" },
    is_active: { title: "Active", kind: "boolean" },
    effective_workforce: { title: "Workforce", kind: "number" },
    reagent_type_id: { title: "Reagent", kind: "type" },
    secured_stock: { title: "Secured", kind: "number" },
    unsecured_stock: { title: "Open to theft", kind: "number" },
    vulnerable_from: { title: "Vulnerable from", kind: "date" },
    vulnerable_until: { title: "Vulnerable until", kind: "date" },
    reinforced_until: { title: "Reinforced until", kind: "date" },
    last_cycle: { title: "Last cycle", kind: "date", hidden: true },
    reagents: { title: "Reagents by type", kind: "text", hidden: true },
    planet_id: { title: "Planet id", kind: "id", hidden: true },
    id: { title: "Skyhook id", kind: "id", hidden: true },
  },
  sort: "vulnerable_from",
  history: ({ change, row, before, after }) => {
    if (change !== "changed" || !("state" in after)) return undefined;
    const states = `${plain(before.state)}, now ${plain(after.state)}`;
    return { kind: "skyhook.state", text: `Skyhook at ${planetOf(row)}: ${states}` };
  },
  fetch: details(operation, {
    items: async (context) =>
      (await context.view("skyhooks")).rows().map(({ id }) => ({ part: String(id), live: true })),
    partOf: (row) => String(row.id),
    ask: ({ part }, known, context) =>
      askWhole(operation, { path: { skyhook_id: part } }, known, context, (data: Skyhook) =>
        withPlanets([flat(data)], context),
      ),
  }),
});
