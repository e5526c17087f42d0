import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define, type Happening, type Row, type RowChange } from "../../dataset/index.ts";
import { withNames } from "../../dataset/name-columns.ts";

const operation = "GetCorporationsCorporationId";

interface Detail extends Row {
  ceo_id?: number;
  alliance_id?: number;
  tax_rates?: { isk?: number; loyalty_point?: number };
}

/** The changes of a corporation's public face that people want to hear of, the weightiest first. */
function told({ change, before, after }: RowChange): Happening | undefined {
  if (change !== "changed") return undefined;
  const turned = (column: string) => `${before[column] ?? "none"} to ${after[column] ?? "none"}`;
  if ("ceo_id" in after) return { kind: "corporation.ceo", text: `The CEO changed from ${turned("ceo_name")}` };
  if ("alliance_id" in after) {
    return { kind: "corporation.alliance", text: `The alliance changed from ${turned("alliance_name")}` };
  }
  if ("tax_rate" in after) return { kind: "corporation.tax", text: `The tax rate changed from ${turned("tax_rate")}` };
  if ("war_eligible" in after) {
    return { kind: "corporation.war", text: `Wars can ${after.war_eligible ? "now" : "no longer"} be declared on it` };
  }
  if ("name" in after) return { kind: "corporation.renamed", text: `The name changed from ${turned("name")}` };
  return undefined;
}

export const publicInfo = define({
  name: "public-info",
  title: "Corporation",
  group: "Corporation",
  queue: "public",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    name: z.string(),
    ticker: z.string(),
    description: z.string().optional(),
    ceo_id: z.int().optional(),
    ceo_name: z.string().optional(),
    alliance_id: z.int().optional(),
    alliance_name: z.string().optional(),
    member_count: z.int(),
    tax_rate: z.number().optional(),
    date_founded: z.string().optional(),
    home_station_id: z.int().optional(),
    shares: z.int().optional(),
    url: z.string().optional(),
    state: z.string().optional(),
    type: z.string().optional(),
    war_eligible: z.boolean().optional(),
    friendly_fire: z.string().optional(),
    enlisted_faction_id: z.int().optional(),
  }),
  key: ["ticker"],
  columns: {
    name: { title: "Name", kind: "text" },
    ticker: { title: "Ticker", kind: "text" },
    ceo_id: { title: "CEO", kind: "character" },
    member_count: { title: "Members", kind: "number" },
    tax_rate: { title: "Tax rate", kind: "number" },
    date_founded: { title: "Founded", kind: "date" },
    home_station_id: { title: "Home", kind: "location" },
    shares: { title: "Shares", kind: "number", hidden: true },
    war_eligible: { title: "War eligible", kind: "boolean" },
    friendly_fire: { title: "Friendly fire", kind: "enum", hidden: true },
  },
  sort: "name",
  history: told,
  fetch: single(operation, ({ tax_rates, ...detail }: Detail, context) =>
    withNames(
      [{ ...detail, ...(tax_rates?.isk === undefined ? {} : { tax_rate: tax_rates.isk }) }],
      { ceo_id: "ceo_name", alliance_id: "alliance_name" },
      context,
    ),
  ),
});
