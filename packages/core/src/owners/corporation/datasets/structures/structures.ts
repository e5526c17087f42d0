import * as z from "zod";
import { eachRow } from "../../../../engine/dataset/each-row.ts";
import { paged } from "../../../../engine/dataset/fetch.ts";
import { moment, plain } from "../../../../engine/dataset/format.ts";
import { define, type Happening, type NameOf, type Row, type RowChange } from "../../../../engine/dataset/index.ts";

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

/** What became of a structure, the weightiest first. */
function turns(it: unknown, { row, before, after }: RowChange): Happening[] {
  const happenings: Happening[] = [];
  if ("state" in after) {
    const until = row.state_timer_end ? `, until ${moment(row.state_timer_end)}` : "";
    happenings.push({
      kind: "structure.state",
      text: `${it}: ${plain(before.state)}, now ${plain(after.state)}${until}`,
    });
  }
  if (after.unanchors_at)
    happenings.push({ kind: "structure.unanchoring", text: `${it} unanchors at ${moment(after.unanchors_at)}` });
  if ("services" in after)
    happenings.push({ kind: "structure.services", text: `${it}: services now ${after.services ?? "none"}` });
  if ("fuel_expires" in after) {
    const until = after.fuel_expires ? `has fuel until ${moment(after.fuel_expires)}` : "has no fuel";
    happenings.push({ kind: "structure.fuel", text: `${it} ${until}` });
  }
  if ("name" in after)
    happenings.push({
      kind: "structure.renamed",
      text: `${before.name ?? "A structure"} is now called ${after.name ?? it}`,
    });
  return happenings;
}

function describe(change: RowChange, name: NameOf): Happening | Happening[] {
  const { row } = change;
  const it = row.name ?? `${name("type", row.type_id)} ${row.structure_id}`;
  if (change.change === "added")
    return { kind: "structure.added", text: `${it} stands in ${name("system", row.system_id)}` };
  if (change.change === "removed") return { kind: "structure.gone", text: `${it} is gone` };
  return turns(it, change);
}

export const structures = define({
  name: "structures",
  title: "Structures",
  screen: { group: "Structures", place: "home" },
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
    corporation_id: z.int().optional(),
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
    corporation_id: { title: "Owner", kind: "party", hidden: true },
    structure_id: { title: "Structure id", kind: "id", hidden: true },
  },
  sort: "fuel_expires",
  history: describe,
  fetch: paged(operation, { toRows: (rows: Row[]) => eachRow(rows, flat) }),
});
