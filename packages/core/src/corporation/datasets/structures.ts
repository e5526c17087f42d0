import * as z from "zod";
import { paged } from "../../dataset/fetch.ts";
import { define, type Row } from "../../dataset/index.ts";

const operation = "GetCorporationsCorporationIdStructures";

interface Service {
  name: string;
  state: string;
}

/** `Market Hub (online), Reprocessing (offline)`, in the order of the names. */
const servicesText = (services: readonly Service[]): string =>
  services
    .map(({ name, state }) => `${name} (${state})`)
    .sort()
    .join(", ");

const flat = ({ services, ...row }: Row): Row => ({
  ...row,
  ...(services ? { services: servicesText(services as Service[]) } : {}),
});

export const structures = define({
  name: "structures",
  title: "Structures",
  group: "Structures",
  queue: "structures",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    structure_id: z.int(),
    name: z.string().optional(),
    type_id: z.int(),
    system_id: z.int(),
    state: z.string(),
    state_timer_start: z.string().optional(),
    state_timer_end: z.string().optional(),
    fuel_expires: z.string().optional(),
    services: z.string().optional(),
    reinforce_hour: z.int().optional(),
    next_reinforce_hour: z.int().optional(),
    next_reinforce_apply: z.string().optional(),
    unanchors_at: z.string().optional(),
    profile_id: z.int(),
  }),
  key: ["structure_id"],
  columns: {
    name: { title: "Name", kind: "text" },
    type_id: { title: "Type", kind: "type" },
    system_id: { title: "System", kind: "system" },
    fuel_expires: { title: "Fuel until", kind: "date" },
    state: { title: "State", kind: "enum" },
    state_timer_end: { title: "State ends", kind: "date" },
    services: { title: "Services", kind: "text" },
    reinforce_hour: { title: "Reinforcement hour", kind: "number" },
    state_timer_start: { title: "State since", kind: "date", hidden: true },
    next_reinforce_hour: { title: "Next reinforcement hour", kind: "number", hidden: true },
    next_reinforce_apply: { title: "Next hour applies", kind: "date", hidden: true },
    unanchors_at: { title: "Unanchors", kind: "date", hidden: true },
    profile_id: { title: "Profile id", kind: "id", hidden: true },
    structure_id: { title: "Structure id", kind: "id", hidden: true },
  },
  sort: "fuel_expires",
  fetch: paged(operation, { toRows: (rows: Row[]) => rows.map(flat) }),
});
