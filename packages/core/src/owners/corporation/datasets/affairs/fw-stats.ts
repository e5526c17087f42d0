import * as z from "zod";
import { single } from "../../../../engine/dataset/fetch.ts";
import { define, type Row } from "../../../../engine/dataset/index.ts";
import { withNames } from "../../../../engine/dataset/name-columns.ts";

const operation = "GetCorporationsCorporationIdFwStats";

interface Figures {
  yesterday: number;
  last_week: number;
  total: number;
}

interface Stats {
  enlisted_on?: string;
  faction_id?: number;
  pilots?: number;
  kills: Figures;
  victory_points: Figures;
}

const flat = ({ kills, victory_points: points, ...rest }: Stats, corporationId: number): Row => ({
  ...rest,
  corporation_id: corporationId,
  kills_yesterday: kills.yesterday,
  kills_last_week: kills.last_week,
  kills_total: kills.total,
  victory_points_yesterday: points.yesterday,
  victory_points_last_week: points.last_week,
  victory_points_total: points.total,
});

export const fwStats = define({
  name: "fw-stats",
  title: "Faction warfare",
  screen: { group: "Affairs", place: "main" },
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    corporation_id: z.int(),
    faction_id: z.int().optional(),
    faction: z.string().optional(),
    enlisted_on: z.string().optional(),
    pilots: z.int().optional(),
    kills_yesterday: z.int(),
    kills_last_week: z.int(),
    kills_total: z.int(),
    victory_points_yesterday: z.int(),
    victory_points_last_week: z.int(),
    victory_points_total: z.int(),
  }),
  key: ["corporation_id"],
  columns: {
    corporation_id: { title: "Corporation id", kind: "party", hidden: true },
    faction: { title: "Faction", kind: "text" },
    enlisted_on: { title: "Enlisted", kind: "date" },
    pilots: { title: "Pilots", kind: "number" },
    kills_yesterday: { title: "Kills yesterday", kind: "number" },
    kills_last_week: { title: "Kills last week", kind: "number" },
    kills_total: { title: "Kills", kind: "number" },
    victory_points_yesterday: { title: "Victory points yesterday", kind: "number" },
    victory_points_last_week: { title: "Victory points last week", kind: "number" },
    victory_points_total: { title: "Victory points", kind: "number" },
    faction_id: { title: "Faction id", kind: "party", hidden: true },
  },
  sort: "corporation_id",
  fetch: single(operation, (stats: Stats, context) =>
    withNames([flat(stats, context.owner.id)], { faction_id: "faction" }, context),
  ),
});
