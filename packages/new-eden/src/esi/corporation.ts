import { isoSeconds } from "../clock.ts";
import { staticData } from "../static-data/index.ts";
import type { Corporation } from "../world/corporation.ts";
import type { OutsideCorporation, World } from "../world/world.ts";
import { type Call, corporationWhole, type Family, whole } from "./endpoint.ts";

const playerShares = 1000;
/** EVE's own character, which stands where a corporation has no CEO. */
const systemCharacterId = 1;

function ownPublic(own: Corporation) {
  return {
    alliance_id: own.allianceId,
    ceo_id: own.isClosed ? systemCharacterId : own.roster.ceoId,
    creator_id: own.roster.ceoId,
    date_founded: isoSeconds(own.foundedMs),
    description: `${own.name} is recruiting. Fly with friends.`,
    friendly_fire: "illegal",
    home_station_id: own.homeStationId,
    member_count: own.roster.members.size,
    name: own.name,
    palette: { main_color: "#1b2a3a", secondary_color: "#4fb3d9" },
    shares: playerShares,
    state: own.isClosed ? "closed" : "active",
    tax_rates: { isk: own.taxRate, loyalty_point: 0 },
    ticker: own.ticker,
    type: "player_owned",
    url: "",
    war_eligible: own.structures.rows.size > 0,
  };
}

function outsidePublic(other: OutsideCorporation) {
  return {
    ceo_id: other.ceoId,
    creator_id: other.ceoId,
    date_founded: isoSeconds(other.foundedMs),
    description: "",
    friendly_fire: "legal",
    home_station_id: 60_003_760,
    member_count: other.memberIds.length,
    name: other.name,
    shares: playerShares,
    state: "active",
    tax_rates: { isk: 0.1, loyalty_point: 0 },
    ticker: other.ticker,
    type: "player_owned",
    war_eligible: false,
  };
}

function npcPublic(corporationId: number, world: World) {
  const npc = staticData().npcCorporations.get(corporationId);
  if (!npc) return undefined;
  const station = staticData().systems.get(npc.systemId ?? 30_000_142)?.stationIds[0] ?? 60_003_760;
  const isOutsiders = world.outsider.corporationId === corporationId;
  return {
    description: `${npc.name} of New Eden.`,
    friendly_fire: "illegal",
    home_station_id: station,
    member_count: isOutsiders ? 1 : 0,
    name: npc.name,
    shares: 100_000_000,
    state: "active",
    tax_rates: { isk: 0.11, loyalty_point: 0 },
    ticker: npc.name.replace(/[^A-Z]/g, "").slice(0, 5) || "NPC",
    type: "npc_owned",
    war_eligible: false,
  };
}

function publicInfo({ world, ids }: Call) {
  const corporationId = ids.corporation_id ?? 0;
  const own = world.corporations.get(corporationId);
  if (own) return ownPublic(own);
  const other = world.outside.get(corporationId);
  return other ? outsidePublic(other) : npcPublic(corporationId, world);
}

const walletNames = ["Industry", "Market", "Ship replacement", "Logistics", "Projects", "Savings"];
const hangarNames = ["Staging", "Salvage and ore", "Doctrine", "Reactions", "Ships", "Fuel", "Officers"];

export const corporation: Family = {
  GetCorporationsCorporationId: whole(publicInfo),

  GetCorporationsCorporationIdDivisions: corporationWhole(() => ({
    hangar: hangarNames.map((name, index) => ({ division: index + 1, name })),
    // The master wallet cannot be renamed and comes without a name.
    wallet: [{ division: 1 }, ...walletNames.map((name, index) => ({ division: index + 2, name }))],
  })),

  GetCorporationsNpccorps: whole(() => [...staticData().npcCorporations.keys()]),

  GetAlliancesAllianceId: whole(({ world, ids }) =>
    ids.alliance_id === world.alliance.allianceId
      ? {
          creator_corporation_id: world.alliance.creatorCorporationId,
          creator_id: world.alliance.creatorId,
          date_founded: isoSeconds(world.alliance.foundedMs),
          executor_corporation_id: world.alliance.creatorCorporationId,
          name: world.alliance.name,
          ticker: world.alliance.ticker,
        }
      : undefined,
  ),

  GetAlliancesAllianceIdCorporations: whole(({ world, ids }) =>
    ids.alliance_id === world.alliance.allianceId ? [...world.corporations.keys()] : undefined,
  ),
};
