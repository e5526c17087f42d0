import { setKey } from "../esi/answer.ts";
import type { Call, CursorRecord, Endpoint } from "../esi/endpoint.ts";
import { endpoints } from "../esi/families.ts";
import { type Route, routes } from "../esi/route.ts";
import type { Snapshots } from "../esi/snapshots.ts";
import type { Simulation } from "../simulation.ts";
import type { Asset } from "../world/asset.ts";
import type { Corporation } from "../world/corporation.ts";
import type { Life } from "../world/life/life.ts";

/** A dataset that is read once for each value of a path parameter; its rows then carry that value. */
interface Each {
  parameter: string;
  ids: (corporation: Corporation) => readonly (number | string)[];
}

interface Dataset {
  operationId: string;
  each?: Each;
  query?: Record<string, string>;
}

interface CharacterDataset {
  operationId: string;
  /** What a POST asks about. */
  body?: (life: Life) => unknown;
}

const each = (parameter: string, ids: Each["ids"]): Each => ({ parameter, ids });
const divisions = each("division", () => [1, 2, 3, 4, 5, 6, 7]);
const starbases = each("starbase_id", ({ departments }) =>
  departments.holdings.starbases.list().map(({ starbaseId }) => starbaseId),
);
const skyhooks = each("skyhook_id", ({ departments }) =>
  departments.holdings.skyhooks.list().map(({ skyhookId }) => skyhookId),
);
const hubs = each("sovereignty_hub_id", ({ departments }) =>
  departments.holdings.hubs.list().map(({ hubId }) => hubId),
);
const contracts = each("contract_id", ({ departments }) =>
  departments.contracts.rows.list().map(({ contractId }) => contractId),
);
const projects = each("project_id", ({ departments }) => departments.projects.list().map(({ id }) => id));
const jobs = each("job_id", ({ departments }) => departments.freelanceJobs.list().map(({ id }) => id));
const observers = each("observer_id", ({ departments }) => departments.mining.observerIds());

/** What can be compared with a copy, by the usual names of the data. */
export const datasets: Record<string, Dataset> = {
  "public-info": { operationId: "GetCorporationsCorporationId" },
  "alliance-history": { operationId: "GetCorporationsCorporationIdAlliancehistory" },
  icons: { operationId: "GetCorporationsCorporationIdIcons" },
  members: { operationId: "GetCorporationsCorporationIdMembers" },
  "member-tracking": { operationId: "GetCorporationsCorporationIdMembertracking" },
  "member-titles": { operationId: "GetCorporationsCorporationIdMembersTitles" },
  "member-limit": { operationId: "GetCorporationsCorporationIdMembersLimit" },
  roles: { operationId: "GetCorporationsCorporationIdRoles" },
  "role-history": { operationId: "GetCorporationsCorporationIdRolesHistory" },
  titles: { operationId: "GetCorporationsCorporationIdTitles" },
  standings: { operationId: "GetCorporationsCorporationIdStandings" },
  divisions: { operationId: "GetCorporationsCorporationIdDivisions" },
  wallets: { operationId: "GetCorporationsCorporationIdWallets" },
  "wallet-journal": { operationId: "GetCorporationsCorporationIdWalletsDivisionJournal", each: divisions },
  "wallet-transactions": { operationId: "GetCorporationsCorporationIdWalletsDivisionTransactions", each: divisions },
  shareholders: { operationId: "GetCorporationsCorporationIdShareholders" },
  assets: { operationId: "GetCorporationsCorporationIdAssets" },
  blueprints: { operationId: "GetCorporationsCorporationIdBlueprints" },
  "industry-jobs": {
    operationId: "GetCorporationsCorporationIdIndustryJobs",
    query: { include_completed: "true" },
  },
  facilities: { operationId: "GetCorporationsCorporationIdFacilities" },
  "customs-offices": { operationId: "GetCorporationsCorporationIdCustomsOffices" },
  "mining-extractions": { operationId: "GetCorporationCorporationIdMiningExtractions" },
  "mining-observers": { operationId: "GetCorporationCorporationIdMiningObservers" },
  "mining-ledger": { operationId: "GetCorporationCorporationIdMiningObserversObserverId", each: observers },
  structures: { operationId: "GetCorporationsCorporationIdStructures" },
  starbases: { operationId: "GetCorporationsCorporationIdStarbases" },
  "starbase-details": { operationId: "GetCorporationsCorporationIdStarbasesStarbaseId", each: starbases },
  skyhooks: { operationId: "GetCorporationsStructuresSkyhooksListing" },
  "skyhook-details": { operationId: "GetCorporationsStructuresSkyhooksDetail", each: skyhooks },
  "sovereignty-hubs": { operationId: "GetCorporationsStructuresSovereigntyHubsListing" },
  "sovereignty-hub-details": { operationId: "GetCorporationsStructuresSovereigntyHubsDetail", each: hubs },
  "container-logs": { operationId: "GetCorporationsCorporationIdContainersLogs" },
  orders: { operationId: "GetCorporationsCorporationIdOrders" },
  "order-history": { operationId: "GetCorporationsCorporationIdOrdersHistory" },
  contracts: { operationId: "GetCorporationsCorporationIdContracts" },
  "contract-items": { operationId: "GetCorporationsCorporationIdContractsContractIdItems", each: contracts },
  "contract-bids": { operationId: "GetCorporationsCorporationIdContractsContractIdBids", each: contracts },
  killmails: { operationId: "GetCorporationsCorporationIdKillmailsRecent" },
  contacts: { operationId: "GetCorporationsCorporationIdContacts" },
  "contact-labels": { operationId: "GetCorporationsCorporationIdContactsLabels" },
  medals: { operationId: "GetCorporationsCorporationIdMedals" },
  "medals-issued": { operationId: "GetCorporationsCorporationIdMedalsIssued" },
  projects: { operationId: "GetCorporationsProjectsListing", query: { state: "All" } },
  "project-details": { operationId: "GetCorporationsProjectsDetail", each: projects },
  "project-contributors": { operationId: "GetCorporationsProjectsContributors", each: projects },
  "freelance-jobs": { operationId: "GetCorporationsFreelanceJobsListing" },
  "freelance-participants": { operationId: "GetCorporationsFreelanceJobsParticipants", each: jobs },
  "fw-stats": { operationId: "GetCorporationsCorporationIdFwStats" },
};

const inSpace = (assets: readonly Asset[]) =>
  assets.filter(({ location_type }) => location_type === "solar_system").map(({ item_id }) => item_id);

/** The same for what only a character's own token shows. */
export const characterDatasets: Record<string, CharacterDataset> = {
  skills: { operationId: "GetCharactersCharacterIdSkills" },
  "skill-queue": { operationId: "GetCharactersCharacterIdSkillqueue" },
  attributes: { operationId: "GetCharactersCharacterIdAttributes" },
  implants: { operationId: "GetCharactersCharacterIdImplants" },
  standings: { operationId: "GetCharactersCharacterIdStandings" },
  "loyalty-points": { operationId: "GetCharactersCharacterIdLoyaltyPoints" },
  wallet: { operationId: "GetCharactersCharacterIdWallet" },
  "wallet-journal": { operationId: "GetCharactersCharacterIdWalletJournal" },
  "wallet-transactions": { operationId: "GetCharactersCharacterIdWalletTransactions" },
  assets: { operationId: "GetCharactersCharacterIdAssets" },
  "asset-names": {
    operationId: "PostCharactersCharacterIdAssetsNames",
    // Of the rest ESI says "None".
    body: ({ belongings }) => [...belongings.names.keys()],
  },
  "asset-locations": {
    operationId: "PostCharactersCharacterIdAssetsLocations",
    body: ({ belongings }) => inSpace(belongings.assets.list()),
  },
  notifications: { operationId: "GetCharactersCharacterIdNotifications" },
  location: { operationId: "GetCharactersCharacterIdLocation" },
  online: { operationId: "GetCharactersCharacterIdOnline" },
  ship: { operationId: "GetCharactersCharacterIdShip" },
};

/** Whose data it is, and which of it. */
export type Wanted = ({ corporationId: number } | { characterId: number }) & { dataset: string };

interface Source {
  operationId: string;
  query?: Record<string, string> | undefined;
  /** What a POST carries. */
  body?: unknown;
  /** Path parameters of the owner, as ESI names them. */
  owner: Record<string, number>;
  each?: { parameter: string; ids: readonly (number | string)[] } | undefined;
}

function sourceOf(simulation: Simulation, wanted: Wanted): Source | undefined {
  const { world, clock } = simulation;
  if ("corporationId" in wanted) {
    const corporation = world.corporations.get(wanted.corporationId);
    const { operationId, each: repeated, query }: Dataset = datasets[wanted.dataset] ?? { operationId: wanted.dataset };
    if (!corporation) return undefined;
    const each = repeated && { parameter: repeated.parameter, ids: repeated.ids(corporation) };
    return { operationId, query, owner: { corporation_id: wanted.corporationId }, each };
  }
  const life = world.lives.at(wanted.characterId, clock.now());
  const known: CharacterDataset = characterDatasets[wanted.dataset] ?? { operationId: wanted.dataset };
  if (!life) return undefined;
  return { operationId: known.operationId, body: known.body?.(life), owner: { character_id: wanted.characterId } };
}

function read(endpoint: Endpoint, route: Route, call: Call, snapshots: Snapshots, isLive: boolean): unknown {
  const held = isLive ? undefined : snapshots.peek(setKey(route, call), call.nowMs);
  const value = held ? held.value : endpoint.make(call);
  return endpoint.kind === "cursor" ? (value as CursorRecord[] | undefined)?.map(({ row }) => row) : value;
}

/**
 * A dataset whole, as ESI would serve it at this moment: what its cache holds until that expires, else the world as it
 * is. `live=1` looks past the cache; other parameters are the route's own filters, e.g. `state=Active`. Undefined: no such
 * dataset, corporation or character.
 */
export function truth(
  simulation: Simulation,
  snapshots: Snapshots,
  wanted: Wanted,
  { live, ...filters }: Record<string, string>,
): unknown {
  const source = sourceOf(simulation, wanted);
  const [endpoint, route] = [endpoints[source?.operationId ?? ""], routes().get(source?.operationId ?? "")];
  if (!source || !endpoint || !route) return undefined;
  const rowsFor = (parameter?: string, id?: number | string): unknown => {
    const call: Call = {
      world: simulation.world,
      nowMs: simulation.clock.now(),
      ids: { ...source.owner, ...(typeof id === "number" ? { [parameter as string]: id } : {}) },
      text: typeof id === "string" ? { [parameter as string]: id } : {},
      query: { ...source.query, ...filters },
      body: source.body,
      caller: undefined,
    };
    return read(endpoint, route, call, snapshots, live === "1");
  };
  const repeated = source.each;
  if (!repeated) return rowsFor();
  return repeated.ids.flatMap((id) => {
    // One object for a detail, many for a list: both carry whose they are.
    const rows = [rowsFor(repeated.parameter, id) ?? []].flat() as object[];
    return rows.map((row) => ({ ...row, [repeated.parameter]: id }));
  });
}
