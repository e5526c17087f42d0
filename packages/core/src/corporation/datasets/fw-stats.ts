import * as z from "zod";
import { single } from "../../dataset/fetch.ts";
import { define } from "../../dataset/index.ts";

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

export const fwStats = define({
  name: "fw-stats",
  title: "Faction warfare",
  group: "Affairs",
  queue: "affairs",
  operations: [operation],
  storage: "snapshot",
  row: z.object({
    corporation_id: z.int(),
    faction_id: z.int().optional(),
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
    corporation_id: { title: "Corporation id", kind: "id", hidden: true },
    faction_id: { title: "Faction id", kind: "id" },
    enlisted_on: { title: "Enlisted", kind: "date" },
    pilots: { title: "Pilots", kind: "number" },
    kills_yesterday: { title: "Kills yesterday", kind: "number" },
    kills_last_week: { title: "Kills last week", kind: "number" },
    kills_total: { title: "Kills", kind: "number" },
    victory_points_yesterday: { title: "Victory points yesterday", kind: "number" },
    victory_points_last_week: { title: "Victory points last week", kind: "number" },
    victory_points_total: { title: "Victory points", kind: "number" },
  },
  sort: "corporation_id",
  fetch: single(operation, ({ kills, victory_points: points, ...rest }: Stats, { corporationId }) => [
    {
      ...rest,
      corporation_id: corporationId,
      kills_yesterday: kills.yesterday,
      kills_last_week: kills.last_week,
      kills_total: kills.total,
      victory_points_yesterday: points.yesterday,
      victory_points_last_week: points.last_week,
      victory_points_total: points.total,
    },
  ]),
});
