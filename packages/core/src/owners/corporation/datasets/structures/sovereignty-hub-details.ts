import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details } from "../../../../engine/dataset/detail.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { momentOf } from "../../../../platform/moment/index.ts";

const operation = "GetCorporationsStructuresSovereigntyHubsDetail";

const hourMs = 3_600_000;

interface Reagent {
  type_id: number;
  amount: number;
  burning_per_hour: number;
}

interface Share {
  allocated: number;
  available: number;
}

interface Hub {
  id: number;
  solar_system_id: number;
  fuel_access_list_id?: number;
  reagent_bay: { last_updated: string; reagents: Reagent[] };
  resources: { power: Share; workforce: Share };
  upgrades: { type_id: number; power_state: string }[];
  vulnerability_window?: { start: string; end: string };
  workforce_transport: { configuration: object; state: object };
}

/** When the first reagent that burns is used up. */
function fuelExpires({ last_updated, reagents }: Hub["reagent_bay"]): string | undefined {
  const hours = reagents
    .filter(({ burning_per_hour }) => burning_per_hour > 0)
    .map(({ amount, burning_per_hour }) => amount / burning_per_hour);
  if (hours.length === 0) return undefined;
  return momentOf(Date.parse(last_updated) + Math.min(...hours) * hourMs);
}

function flat({ reagent_bay: bay, resources, upgrades, vulnerability_window: window, ...hub }: Hub): Row {
  const expires = fuelExpires(bay);
  return {
    id: hub.id,
    solar_system_id: hub.solar_system_id,
    fuel_access_list_id: hub.fuel_access_list_id,
    ...(expires ? { fuel_expires: expires } : {}),
    reagents_updated: bay.last_updated,
    reagents: bay.reagents,
    power_allocated: resources.power.allocated,
    power_available: resources.power.available,
    workforce_allocated: resources.workforce.allocated,
    workforce_available: resources.workforce.available,
    upgrades,
    upgrades_offline: upgrades.filter(({ power_state }) => power_state !== "Online").length,
    ...(window ? { vulnerable_from: window.start, vulnerable_until: window.end } : {}),
    // import, export or transit
    workforce_transport: Object.keys(hub.workforce_transport.state)[0],
    workforce_routes: hub.workforce_transport,
  };
}

export const sovereigntyHubDetails = define({
  name: "sovereignty-hub-details",
  title: "Sovereignty hub fuel and upgrades",
  screen: { group: "Structures", place: "main" },
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  detailOf: "sovereignty-hubs",
  row: z.object({
    id: z.int(),
    solar_system_id: z.int(),
    fuel_expires: z.string().optional(),
    vulnerable_from: z.string().optional(),
    vulnerable_until: z.string().optional(),
    power_allocated: z.number(),
    power_available: z.number(),
    workforce_allocated: z.number(),
    workforce_available: z.number(),
    workforce_transport: z.string().optional(),
    workforce_routes: z.record(z.string(), z.unknown()).optional(),
    upgrades_offline: z.int(),
    upgrades: z.array(z.object({ type_id: z.int(), power_state: z.string() })),
    reagents: z.array(z.object({ type_id: z.int(), amount: z.number(), burning_per_hour: z.number() })),
    reagents_updated: z.string(),
    fuel_access_list_id: z.int().optional(),
  }),
  key: ["id"],
  columns: {
    solar_system_id: { title: "System", kind: "system" },
    fuel_expires: { title: "Fuel until", kind: "date" },
    vulnerable_from: { title: "Vulnerable from", kind: "date" },
    vulnerable_until: { title: "Vulnerable until", kind: "date" },
    power_allocated: { title: "Power used", kind: "number" },
    power_available: { title: "Power", kind: "number" },
    workforce_allocated: { title: "Workforce used", kind: "number" },
    workforce_available: { title: "Workforce", kind: "number" },
    workforce_transport: { title: "Workforce transport", kind: "enum" },
    workforce_routes: { title: "Workforce sources and destinations", kind: "text", hidden: true },
    upgrades_offline: { title: "Upgrades not online", kind: "number" },
    upgrades: { title: "Upgrades", kind: "text", hidden: true },
    reagents: { title: "Reagents", kind: "text", hidden: true },
    reagents_updated: { title: "Reagents as of", kind: "date", hidden: true },
    fuel_access_list_id: { title: "Fuel access list id", kind: "id", hidden: true },
    id: { title: "Hub id", kind: "id", hidden: true },
  },
  sort: "fuel_expires",
  fetch: details(operation, {
    items: async (context) =>
      (await context.view("sovereignty-hubs")).rows().map(({ id }) => ({ part: String(id), live: true })),
    partOf: (row) => String(row.id),
    ask: ({ part }, known, context) =>
      askWhole(operation, { path: { sovereignty_hub_id: part } }, known, context, (data: Hub) => [flat(data)]),
  }),
});
