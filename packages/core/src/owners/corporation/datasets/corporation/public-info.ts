import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { amount, percent, plain } from "../../../../engine/dataset/format.ts";
import { define, type Happening, type NameOf, type Row, type RowChange } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationId";

interface Detail extends Row {
  tax_rates?: { isk?: number; loyalty_point?: number };
}

const turned = (title: string, of: (row: Row) => unknown, { before, after }: RowChange): string =>
  `${title} changed from ${of(before) ?? "none"} to ${of(after) ?? "none"}`;

type Tell = (change: RowChange, name: NameOf) => string;

const text =
  (title: string, column: string): Tell =>
  (change) =>
    turned(title, (row) => row[column], change);

/** An id is told by the name that came with it. */
const named =
  (title: string, id: string, column: string): Tell =>
  (change) =>
    turned(title, (row) => row[column] ?? row[id], change);

const word =
  (title: string, column: string): Tell =>
  (change) =>
    turned(title, (row) => (row[column] ? plain(row[column]) : undefined), change);

const rate =
  (title: string, column: string): Tell =>
  (change) =>
    turned(title, (row) => (typeof row[column] === "number" ? percent(row[column]) : undefined), change);

/** Columns whose change people want to hear of, the weightiest first. The number of members is told by the members. */
const telling: readonly (readonly [column: string, kind: string, tell: Tell])[] = [
  ["name", "corporation.renamed", text("The name", "name")],
  ["ticker", "corporation.ticker", text("The ticker", "ticker")],
  ["ceo_id", "corporation.ceo", named("The CEO", "ceo_id", "ceo_name")],
  ["alliance_id", "corporation.alliance", named("The alliance", "alliance_id", "alliance_name")],
  ["enlisted_faction_id", "corporation.faction", named("The faction", "enlisted_faction_id", "enlisted_faction")],
  ["state", "corporation.state", word("The state", "state")],
  ["type", "corporation.type", word("The type", "type")],
  ["tax_rate", "corporation.tax", rate("The tax rate", "tax_rate")],
  ["loyalty_tax_rate", "corporation.tax", rate("The tax rate on loyalty points", "loyalty_tax_rate")],
  [
    "war_eligible",
    "corporation.war",
    ({ after }) => `Wars can ${after.war_eligible ? "now" : "no longer"} be declared on it`,
  ],
  ["friendly_fire", "corporation.friendly_fire", word("Friendly fire", "friendly_fire")],
  [
    "home_station_id",
    "corporation.home",
    (change, name) =>
      turned("The home station", (row) => row.home_station_id && name("location", row.home_station_id), change),
  ],
  ["shares", "corporation.shares", (change) => turned("The number of shares", ({ shares }) => amount(shares), change)],
  ["url", "corporation.url", text("The address", "url")],
  ["description", "corporation.description", () => "The description changed"],
];

function describe(change: RowChange, name: NameOf): Happening[] {
  if (change.change !== "changed") return [];
  return telling.flatMap(([column, kind, tell]) =>
    column in change.after ? [{ kind, text: tell(change, name) }] : [],
  );
}

/** The key is ours: the body does not say which corporation it is about. */
const flat = ({ tax_rates, ...detail }: Detail, corporation_id: number): Row => ({
  ...detail,
  corporation_id,
  ...(tax_rates?.isk === undefined ? {} : { tax_rate: tax_rates.isk }),
  ...(tax_rates?.loyalty_point === undefined ? {} : { loyalty_tax_rate: tax_rates.loyalty_point }),
});

const names = {
  ceo_id: "ceo_name",
  alliance_id: "alliance_name",
  creator_id: "creator_name",
  enlisted_faction_id: "enlisted_faction",
};

export const publicInfo = define({
  name: "public-info",
  title: "Corporation",
  screen: { group: "Corporation", place: "front", label: "Overview" },
  queue: "public",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    corporation_id: z.int(),
    name: z.string(),
    ticker: z.string(),
    description: z.string().optional(),
    ceo_id: z.int().optional(),
    ceo_name: z.string().optional(),
    alliance_id: z.int().optional(),
    alliance_name: z.string().optional(),
    member_count: z.int(),
    tax_rate: z.number().optional(),
    loyalty_tax_rate: z.number().optional(),
    date_founded: z.string().optional(),
    creator_id: z.int().optional(),
    creator_name: z.string().optional(),
    home_station_id: z.int().optional(),
    shares: z.int().optional(),
    url: z.string().optional(),
    state: z.string().optional(),
    type: z.string().optional(),
    war_eligible: z.boolean().optional(),
    friendly_fire: z.string().optional(),
    enlisted_faction_id: z.int().optional(),
    enlisted_faction: z.string().optional(),
    palette: z.record(z.string(), z.unknown()).optional(),
  }),
  key: ["corporation_id"],
  // A ticker can change, and then nothing told that it was the same corporation.
  formerKey: ["ticker"],
  columns: {
    name: { title: "Name", kind: "text" },
    ticker: { title: "Ticker", kind: "text" },
    ceo_name: { title: "CEO", kind: "text" },
    alliance_name: { title: "Alliance", kind: "text" },
    member_count: { title: "Members", kind: "number" },
    tax_rate: { title: "Tax rate", kind: "number" },
    date_founded: { title: "Founded", kind: "date" },
    home_station_id: { title: "Home", kind: "location" },
    war_eligible: { title: "War eligible", kind: "boolean" },
    loyalty_tax_rate: { title: "Tax rate on loyalty points", kind: "number", hidden: true },
    shares: { title: "Shares", kind: "number", hidden: true },
    friendly_fire: { title: "Friendly fire", kind: "enum", hidden: true },
    state: { title: "State", kind: "enum", hidden: true },
    type: { title: "Type", kind: "enum", hidden: true },
    enlisted_faction: { title: "Fights for", kind: "text", hidden: true },
    creator_name: { title: "Founder", kind: "text", hidden: true },
    url: { title: "Address", kind: "text", hidden: true },
    description: { title: "Description", kind: "text", hidden: true },
    palette: { title: "Colours", kind: "text", hidden: true },
    corporation_id: { title: "Corporation id", kind: "party", hidden: true },
    ceo_id: { title: "CEO id", kind: "party", hidden: true },
    alliance_id: { title: "Alliance id", kind: "party", hidden: true },
    enlisted_faction_id: { title: "Faction id", kind: "party", hidden: true },
    creator_id: { title: "Founder id", kind: "party", hidden: true },
  },
  sort: "name",
  history: describe,
  fetch: single(operation, (detail: Detail, context) => withNames([flat(detail, context.owner.id)], names, context)),
});
