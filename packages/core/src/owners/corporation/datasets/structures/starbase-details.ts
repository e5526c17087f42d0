import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details, type Item } from "../../../../engine/dataset/detail.ts";
import { define, type FetchContext, type Row } from "../../../../engine/dataset/index.ts";

const operation = "GetCorporationsCorporationIdStarbasesStarbaseId";

/** Strontium Clathrates: what a starbase burns while it is reinforced. Anything else in the bay is fuel. */
const strontiumTypeId = 16_275;

interface Starbase extends Item {
  id: number;
  systemId: number;
}

async function starbases(context: FetchContext): Promise<Starbase[]> {
  const list = await context.view("starbases");
  return list.rows().map(({ starbase_id, system_id }) => ({
    id: starbase_id as number,
    systemId: system_id as number,
    part: String(starbase_id),
    live: true,
  }));
}

interface Fuel {
  type_id: number;
  quantity: number;
}

function flat({ id, systemId }: Starbase, { fuels, ...settings }: Row): Row {
  const all = (fuels ?? []) as Fuel[];
  const sum = (some: Fuel[]) => some.reduce((total, { quantity }) => total + quantity, 0);
  const blocks = all.filter(({ type_id }) => type_id !== strontiumTypeId);
  return {
    ...settings,
    starbase_id: id,
    system_id: systemId,
    fuel_quantity: sum(blocks),
    ...(blocks[0] ? { fuel_type_id: blocks[0].type_id } : {}),
    strontium_quantity: sum(all.filter(({ type_id }) => type_id === strontiumTypeId)),
    fuels: all,
  };
}

export const starbaseDetails = define({
  name: "starbase-details",
  title: "Starbase fuel and settings",
  screen: { group: "Structures", place: "main" },
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  detailOf: "starbases",
  row: z.object({
    starbase_id: z.int(),
    system_id: z.int(),
    fuel_type_id: z.int().optional(),
    fuel_quantity: z.int(),
    strontium_quantity: z.int(),
    fuels: z.array(z.object({ type_id: z.int(), quantity: z.int() })).optional(),
    allow_alliance_members: z.boolean(),
    allow_corporation_members: z.boolean(),
    use_alliance_standings: z.boolean(),
    attack_if_at_war: z.boolean(),
    attack_if_other_security_status_dropping: z.boolean(),
    attack_security_status_threshold: z.number().optional(),
    attack_standing_threshold: z.number().optional(),
    anchor: z.string(),
    unanchor: z.string(),
    online: z.string(),
    offline: z.string(),
    fuel_bay_view: z.string(),
    fuel_bay_take: z.string(),
  }),
  key: ["starbase_id"],
  columns: {
    system_id: { title: "System", kind: "system" },
    fuel_type_id: { title: "Fuel", kind: "type" },
    fuel_quantity: { title: "Fuel left", kind: "number" },
    strontium_quantity: { title: "Strontium", kind: "number" },
    allow_alliance_members: { title: "Alliance may pass", kind: "boolean" },
    allow_corporation_members: { title: "Corporation may pass", kind: "boolean" },
    use_alliance_standings: { title: "Alliance standings", kind: "boolean", hidden: true },
    attack_if_at_war: { title: "Attacks war targets", kind: "boolean", hidden: true },
    attack_if_other_security_status_dropping: { title: "Attacks aggressors", kind: "boolean", hidden: true },
    attack_security_status_threshold: { title: "Attacks below security status", kind: "number", hidden: true },
    attack_standing_threshold: { title: "Attacks below standing", kind: "number", hidden: true },
    anchor: { title: "May anchor", kind: "enum", hidden: true },
    unanchor: { title: "May unanchor", kind: "enum", hidden: true },
    online: { title: "May put online", kind: "enum", hidden: true },
    offline: { title: "May put offline", kind: "enum", hidden: true },
    fuel_bay_view: { title: "May look at fuel", kind: "enum", hidden: true },
    fuel_bay_take: { title: "May take fuel", kind: "enum", hidden: true },
    fuels: { title: "Fuel by type", kind: "text", hidden: true },
    starbase_id: { title: "Starbase id", kind: "id", hidden: true },
  },
  sort: "fuel_quantity",
  fetch: details(operation, {
    items: starbases,
    partOf: (row) => String(row.starbase_id),
    ask: (item, known, context) =>
      askWhole(
        operation,
        { path: { starbase_id: item.id }, query: { system_id: item.systemId } },
        known,
        context,
        (data: Row) => [flat(item, data)],
      ),
  }),
});
