import { hourMs, isoSeconds } from "../clock.ts";
import {
  type CustomsOffice,
  gasPerHour,
  icePerHour,
  type Skyhook,
  type SovereigntyHub,
  type Starbase,
} from "../world/holdings.ts";
import type { Structure } from "../world/structure.ts";
import { corporationPages, corporationWhole, derived, type Family } from "./endpoint.ts";

/** Reagents that sovereignty runs on. */
const gasTypeId = 81_143;
const iceTypeId = 81_144;
const fuelBlockTypeId = 4247;
const strontiumTypeId = 16_275;
const customsOfficeTypeId = 2233;

function structureRow(corporationId: number, structure: Structure) {
  const { fuelExpiresMs, stateStartMs, stateEndMs, services } = structure;
  const isFuelled = fuelExpiresMs !== undefined;
  return {
    corporation_id: corporationId,
    ...(isFuelled ? { fuel_expires: isoSeconds(fuelExpiresMs) } : {}),
    name: structure.name,
    profile_id: structure.profileId,
    reinforce_hour: structure.reinforceHour,
    services: services.map((name) => ({ name, state: isFuelled ? "online" : "offline" })),
    state: structure.state,
    ...(stateEndMs === undefined ? {} : { state_timer_end: isoSeconds(stateEndMs) }),
    ...(stateStartMs === undefined ? {} : { state_timer_start: isoSeconds(stateStartMs) }),
    structure_id: structure.structureId,
    system_id: structure.systemId,
    type_id: structure.typeId,
  };
}

const starbases = derived((list: readonly Starbase[]) =>
  list.map((starbase) => ({
    moon_id: starbase.moonId,
    ...(starbase.state === "offline" ? {} : { onlined_since: isoSeconds(starbase.onlinedMs) }),
    ...(starbase.reinforcedUntilMs === undefined ? {} : { reinforced_until: isoSeconds(starbase.reinforcedUntilMs) }),
    starbase_id: starbase.starbaseId,
    state: starbase.state,
    system_id: starbase.systemId,
    type_id: starbase.typeId,
  })),
);

function starbaseDetail({ fuelBlocks, strontium }: Starbase) {
  return {
    allow_alliance_members: true,
    allow_corporation_members: true,
    anchor: "config_starbase_equipment_role",
    attack_if_at_war: true,
    attack_if_other_security_status_dropping: false,
    attack_security_status_threshold: -5,
    attack_standing_threshold: 0,
    fuel_bay_take: "starbase_fuel_technician_role",
    fuel_bay_view: "corporation_member",
    fuels: [
      { quantity: fuelBlocks, type_id: fuelBlockTypeId },
      { quantity: strontium, type_id: strontiumTypeId },
    ],
    offline: "config_starbase_equipment_role",
    online: "config_starbase_equipment_role",
    unanchor: "config_starbase_equipment_role",
    use_alliance_standings: true,
  };
}

function skyhookDetail(skyhook: Skyhook) {
  const secured = Math.floor(skyhook.gas / 2);
  return {
    effective_workforce: skyhook.workforce,
    id: skyhook.skyhookId,
    is_active: true,
    planet_id: skyhook.planetId,
    reagents: [
      {
        last_cycle: isoSeconds(skyhook.lastCycleMs),
        secured_stock: secured,
        type_id: gasTypeId,
        unsecured_stock: skyhook.gas - secured,
      },
    ],
    ...(skyhook.reinforcedUntilMs === undefined
      ? {}
      : { reinforcement_timer: { end: isoSeconds(skyhook.reinforcedUntilMs) } }),
    state: skyhook.state,
    theft_vulnerability: {
      start: isoSeconds(skyhook.vulnerableFromMs),
      end: isoSeconds(skyhook.vulnerableFromMs + hourMs),
    },
  };
}

function hubDetail(hub: SovereigntyHub) {
  return {
    id: hub.hubId,
    reagent_bay: {
      last_updated: isoSeconds(hub.updatedMs),
      reagents: [
        { amount: hub.gas, burning_per_hour: gasPerHour, type_id: gasTypeId },
        { amount: hub.ice, burning_per_hour: icePerHour, type_id: iceTypeId },
      ],
    },
    resources: {
      power: { allocated: 400 * hub.upgradeTypeIds.length, available: 2400 },
      workforce: { allocated: Math.floor(hub.workforce / 2), available: hub.workforce },
    },
    solar_system_id: hub.systemId,
    upgrades: hub.upgradeTypeIds.map((type_id) => ({ power_state: hub.gas > 0 ? "Online" : "Low", type_id })),
    vulnerability_window: {
      start: isoSeconds(hub.updatedMs + 18 * hourMs),
      end: isoSeconds(hub.updatedMs + 21 * hourMs),
    },
    workforce_transport: { configuration: { transit: true }, state: { transit: true } },
  };
}

const customsOffices = derived((list: readonly CustomsOffice[]) =>
  list.map(({ officeId, systemId, taxRate, reinforceHour, allowsAlliance }) => ({
    alliance_tax_rate: taxRate,
    allow_access_with_standings: true,
    allow_alliance_access: allowsAlliance,
    bad_standing_tax_rate: taxRate * 4,
    corporation_tax_rate: taxRate / 2,
    excellent_standing_tax_rate: taxRate,
    good_standing_tax_rate: taxRate * 1.5,
    neutral_standing_tax_rate: taxRate * 2,
    office_id: officeId,
    reinforce_exit_end: (reinforceHour + 2) % 24,
    reinforce_exit_start: reinforceHour,
    standing_level: "neutral",
    system_id: systemId,
    terrible_standing_tax_rate: taxRate * 8,
    type_id: customsOfficeTypeId,
  })),
);

export const structure: Family = {
  GetCorporationsCorporationIdStructures: corporationPages(({ corporation }) =>
    corporation.structures.rows.list().map((row) => structureRow(corporation.corporationId, row)),
  ),

  GetCorporationsCorporationIdStarbases: corporationPages(({ corporation }) =>
    starbases(corporation.departments.holdings.starbases.list()),
  ),

  GetCorporationsCorporationIdStarbasesStarbaseId: corporationWhole(({ corporation, ids }) => {
    const starbase = corporation.departments.holdings.starbases.get(ids.starbase_id ?? 0);
    return starbase && starbaseDetail(starbase);
  }),

  GetCorporationsStructuresSkyhooksListing: corporationWhole(({ corporation }) => ({
    skyhooks: corporation.departments.holdings.skyhooks
      .list()
      .map(({ skyhookId, planetId }) => ({ id: skyhookId, planet_id: planetId })),
  })),

  GetCorporationsStructuresSkyhooksDetail: corporationWhole(({ corporation, ids }) => {
    const skyhook = corporation.departments.holdings.skyhooks.get(ids.skyhook_id ?? 0);
    return skyhook && skyhookDetail(skyhook);
  }),

  GetCorporationsStructuresSovereigntyHubsListing: corporationWhole(({ corporation }) => ({
    sovereignty_hubs: corporation.departments.holdings.hubs
      .list()
      .map(({ hubId, systemId }) => ({ id: hubId, solar_system_id: systemId })),
  })),

  GetCorporationsStructuresSovereigntyHubsDetail: corporationWhole(({ corporation, ids }) => {
    const hub = corporation.departments.holdings.hubs.get(ids.sovereignty_hub_id ?? 0);
    return hub && hubDetail(hub);
  }),

  GetCorporationsCorporationIdCustomsOffices: corporationPages(({ corporation }) =>
    customsOffices(corporation.departments.holdings.customsOffices.list()),
  ),
};
