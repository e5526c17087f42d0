import type { LoyaltyPoints } from "../world/life/reputation.ts";
import { standings } from "./affairs.ts";
import { characterWhole, derived, type Family } from "./endpoint.ts";

const points = derived((list: readonly LoyaltyPoints[]) =>
  list.map((row) => ({ corporation_id: row.corporationId, loyalty_points: row.points })),
);

export const reputation: Family = {
  GetCharactersCharacterIdStandings: characterWhole(({ life }) => standings(life.reputation.standings.list())),

  GetCharactersCharacterIdLoyaltyPoints: characterWhole(({ life }) => points(life.reputation.points.list())),
};
