import { staticData } from "../static-data/index.ts";

/** Stations where a corporation trades: the four hubs that players know. */
export function tradeHubs(): number[] {
  return [60_003_760, 60_008_494, 60_011_866, 60_004_588].filter((id) => staticData().stations.has(id));
}
