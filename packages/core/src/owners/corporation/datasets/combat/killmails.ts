import * as z from "zod";
import { askWhole } from "../../../../engine/dataset/ask.ts";
import { details, type Item } from "../../../../engine/dataset/detail.ts";
import { define, type FetchContext, type Fetched, type Part, type Row } from "../../../../engine/dataset/index.ts";
import { lacksNames, withNames } from "../../../../engine/dataset/name-columns.ts";
import * as StaticData from "../../../../eve/static-data/index.ts";
import { lootOf } from "./killmail-loot.ts";

const operation = "GetKillmailsKillmailIdKillmailHash";

interface Killmail extends Item {
  hash: string;
}

/** Newest first: a killmail never changes, so each is fetched once. */
async function listed(context: FetchContext): Promise<Killmail[]> {
  const list = await context.view("recent-killmails");
  return list
    .rows()
    .map(({ killmail_id, killmail_hash }) => ({ part: String(killmail_id), hash: killmail_hash as string }))
    .reverse();
}

interface Attacker {
  character_id?: number;
  corporation_id?: number;
  ship_type_id?: number;
  final_blow: boolean;
}

interface Victim {
  character_id?: number;
  corporation_id?: number;
  alliance_id?: number;
  faction_id?: number;
  ship_type_id: number;
  damage_taken: number;
  position?: { x: number; y: number; z: number };
  items?: unknown[];
}

interface Data {
  killmail_id: number;
  killmail_time: string;
  solar_system_id: number;
  moon_id?: number;
  war_id?: number;
  victim: Victim;
  attackers: Attacker[];
}

function flat({ victim, attackers, ...killmail }: Data, corporationId: number): Row {
  const final = attackers.find(({ final_blow }) => final_blow);
  return {
    ...killmail,
    is_loss: victim.corporation_id === corporationId,
    ship_type_id: victim.ship_type_id,
    victim_id: victim.character_id,
    victim_corporation_id: victim.corporation_id,
    victim_alliance_id: victim.alliance_id,
    victim_faction_id: victim.faction_id,
    damage_taken: victim.damage_taken,
    final_blow_id: final?.character_id,
    final_blow_corporation_id: final?.corporation_id,
    final_blow_ship_type_id: final?.ship_type_id,
    attacker_count: attackers.length,
    own_attackers: attackers.filter((attacker) => attacker.corporation_id === corporationId).length,
    attackers,
    items: victim.items ?? [],
    ...(victim.position ? { position: victim.position } : {}),
  };
}

const names = {
  victim_id: "victim_name",
  victim_corporation_id: "victim_corporation_name",
  final_blow_id: "final_blow_name",
  final_blow_corporation_id: "final_blow_corporation_name",
};

const fetchKillmails = details(operation, {
  items: listed,
  partOf: (row) => String(row.killmail_id),
  ledger: true,
  ask: ({ part, hash }, known, context) =>
    askWhole(operation, { path: { killmail_id: part, killmail_hash: hash } }, known, context, (data: Data) => [
      flat(data, context.owner.id),
    ]),
});

/** A killmail is read once in a month: if ESI gave no names then, they are added to the row that is stored. */
const isNameless = (row: Row): boolean => Object.values(names).every((name) => row[name] === undefined);
const namesAgainMs = 5 * 60_000;

async function fetch(context: FetchContext): Promise<Fetched> {
  const fetched = await fetchKillmails(context);
  const [part] = fetched.parts as [Part];
  const rows = [...(await context.previous()).rows().filter(isNameless), ...(part.rows ?? [])];
  if (rows.length === 0) return fetched;
  const named = await withNames(rows, names, context);
  const namesAt = lacksNames(named) ? Date.now() + namesAgainMs : Number.POSITIVE_INFINITY;
  return { ...fetched, parts: [{ ...part, rows: named }], staleAt: Math.min(fetched.staleAt, namesAt) };
}

export const killmails = define({
  name: "killmails",
  title: "Killmails",
  screen: { group: "Combat", place: "home" },
  queue: "killmails",
  operations: [operation],
  storage: "ledger",
  dateColumn: "killmail_time",
  // ESI lists 90 days.
  windowMonths: 4,
  detailOf: "recent-killmails",
  row: z.object({
    killmail_id: z.int(),
    killmail_time: z.string(),
    is_loss: z.boolean(),
    solar_system_id: z.int(),
    ship_type_id: z.int(),
    victim_id: z.int().optional(),
    victim_name: z.string().optional(),
    victim_corporation_id: z.int().optional(),
    victim_corporation_name: z.string().optional(),
    victim_alliance_id: z.int().optional(),
    victim_faction_id: z.int().optional(),
    damage_taken: z.int(),
    final_blow_id: z.int().optional(),
    final_blow_name: z.string().optional(),
    final_blow_corporation_id: z.int().optional(),
    final_blow_corporation_name: z.string().optional(),
    final_blow_ship_type_id: z.int().optional(),
    attacker_count: z.int(),
    own_attackers: z.int(),
    attackers: z.array(z.unknown()),
    items: z.array(z.unknown()),
    position: z.object({ x: z.number(), y: z.number(), z: z.number() }).optional(),
    moon_id: z.int().optional(),
    war_id: z.int().optional(),
  }),
  key: ["killmail_id"],
  nested: ["attackers"],
  columns: {
    killmail_time: { title: "At", kind: "date" },
    is_loss: { title: "Loss", kind: "boolean" },
    ship_type_id: { title: "Ship", kind: "type" },
    victim_name: { title: "Victim", kind: "text" },
    victim_corporation_name: { title: "Victim's corporation", kind: "text" },
    solar_system_id: { title: "System", kind: "system" },
    final_blow_name: { title: "Final blow", kind: "text" },
    final_blow_corporation_name: { title: "Its corporation", kind: "text", hidden: true },
    final_blow_ship_type_id: { title: "Its ship", kind: "type", hidden: true },
    attacker_count: { title: "Attackers", kind: "number" },
    own_attackers: { title: "Of ours", kind: "number", hidden: true },
    damage_taken: { title: "Damage", kind: "number", hidden: true },
    victim_id: { title: "Victim id", kind: "party", hidden: true },
    victim_corporation_id: { title: "Victim's corporation id", kind: "party", hidden: true },
    victim_alliance_id: { title: "Victim's alliance", kind: "party", hidden: true },
    victim_faction_id: { title: "Victim's faction", kind: "party", hidden: true },
    final_blow_id: { title: "Final blow id", kind: "party", hidden: true },
    final_blow_corporation_id: { title: "Final blow's corporation id", kind: "party", hidden: true },
    moon_id: { title: "Moon id", kind: "id", hidden: true },
    items: { title: "Items", kind: "text", hidden: true },
    attackers: { title: "All attackers", kind: "text", hidden: true },
    position: { title: "Position (m)", kind: "text", hidden: true },
    war_id: { title: "War id", kind: "id", hidden: true },
    killmail_id: { title: "Killmail id", kind: "id", hidden: true },
  },
  derived: {
    worth: {
      column: { title: "Worth at base prices", kind: "isk" },
      compute: (view) =>
        Array.from({ length: view.length }, (_, at) => {
          const ship = StaticData.type(view.value("ship_type_id", at) as number)?.basePriceIsk ?? 0;
          return lootOf(view.value("items", at)).reduce((sum, { worth }) => sum + worth, ship);
        }),
    },
    loot: {
      column: { title: "Cargo and fitting", kind: "text", hidden: true },
      compute: (view) => Array.from({ length: view.length }, (_, at) => lootOf(view.value("items", at))),
    },
  },
  sort: "-killmail_time",
  history: ({ change, row }, name) => {
    if (change !== "added") return undefined;
    const [ship, where] = [name("type", row.ship_type_id), name("system", row.solar_system_id)];
    const who = row.victim_name ?? row.victim_corporation_name ?? "Somebody";
    return row.is_loss
      ? { kind: "killmail.loss", text: `${who} lost a ${ship} in ${where}` }
      : { kind: "killmail.kill", text: `A ${ship} of ${who} was destroyed in ${where}` };
  },
  fetch,
});
