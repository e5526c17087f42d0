import { type Dataset, isPublic, rolesOf, scopesOf } from "../../dataset/index.ts";
import { VisibleError } from "../../error/index.ts";
import { allianceHistory } from "./alliance-history.ts";
import { assetLocations } from "./asset-locations.ts";
import { assetNames } from "./asset-names.ts";
import { assets } from "./assets.ts";
import { blueprints } from "./blueprints.ts";
import { contactLabels } from "./contact-labels.ts";
import { contacts } from "./contacts.ts";
import { containerLogs } from "./container-logs.ts";
import { contractBids } from "./contract-bids.ts";
import { contractItems } from "./contract-items.ts";
import { contracts } from "./contracts.ts";
import { customsOffices } from "./customs-offices.ts";
import { divisions } from "./divisions.ts";
import { facilities } from "./facilities.ts";
import { freelanceJobs } from "./freelance-jobs.ts";
import { freelanceParticipants } from "./freelance-participants.ts";
import { fwStats } from "./fw-stats.ts";
import { icons } from "./icons.ts";
import { industryJobs } from "./industry-jobs.ts";
import { killmails } from "./killmails.ts";
import { locationNames } from "./location-names.ts";
import { medals } from "./medals.ts";
import { medalsIssued } from "./medals-issued.ts";
import { memberLimit } from "./member-limit.ts";
import { memberTitles } from "./member-titles.ts";
import { memberTracking } from "./member-tracking.ts";
import { members } from "./members.ts";
import { miningExtractions } from "./mining-extractions.ts";
import { miningLedger } from "./mining-ledger.ts";
import { miningObservers } from "./mining-observers.ts";
import { npcCorporations } from "./npc-corporations.ts";
import { orderHistory } from "./order-history.ts";
import { orders } from "./orders.ts";
import { partyNames } from "./party-names.ts";
import { projectContribution } from "./project-contribution.ts";
import { projectContributors } from "./project-contributors.ts";
import { projectDetails } from "./project-details.ts";
import { projects } from "./projects.ts";
import { publicInfo } from "./public-info.ts";
import { recentKillmails } from "./recent-killmails.ts";
import { roleHistory } from "./role-history.ts";
import { roles } from "./roles.ts";
import { shareholders } from "./shareholders.ts";
import { skyhookDetails } from "./skyhook-details.ts";
import { skyhooks } from "./skyhooks.ts";
import { sovereigntyHubDetails } from "./sovereignty-hub-details.ts";
import { sovereigntyHubs } from "./sovereignty-hubs.ts";
import { standings } from "./standings.ts";
import { starbaseDetails } from "./starbase-details.ts";
import { starbases } from "./starbases.ts";
import { structures } from "./structures.ts";
import { titles } from "./titles.ts";
import { walletJournal } from "./wallet-journal.ts";
import { walletTransactions } from "./wallet-transactions.ts";
import { wallets } from "./wallets.ts";

/** Every corporation dataset, in the order in which the app shows them. */
export const datasets: readonly Dataset[] = [
  publicInfo,
  allianceHistory,
  icons,
  divisions,
  members,
  memberTracking,
  memberLimit,
  titles,
  memberTitles,
  roles,
  roleHistory,
  wallets,
  walletJournal,
  walletTransactions,
  shareholders,
  assets,
  assetNames,
  assetLocations,
  locationNames,
  industryJobs,
  blueprints,
  facilities,
  miningExtractions,
  miningObservers,
  miningLedger,
  orders,
  orderHistory,
  contracts,
  contractItems,
  contractBids,
  structures,
  starbases,
  starbaseDetails,
  skyhooks,
  skyhookDetails,
  sovereigntyHubs,
  sovereigntyHubDetails,
  customsOffices,
  containerLogs,
  recentKillmails,
  killmails,
  contacts,
  contactLabels,
  standings,
  medals,
  medalsIssued,
  projects,
  projectDetails,
  projectContributors,
  projectContribution,
  freelanceJobs,
  freelanceParticipants,
  fwStats,
  npcCorporations,
  partyNames,
];

const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));

export const find = (name: string): Dataset | undefined => byName.get(name);

export function get(name: string): Dataset {
  const dataset = byName.get(name);
  if (!dataset) throw new VisibleError("not_found", "dataset.not_found", `There is no dataset called ${name}.`);
  return dataset;
}

/** Scope by which a director's in-game roles are read. */
export const rolesScope = "esi-characters.read_corporation_roles.v1";

/** Every scope that a director is asked for. */
export const directorScopes = (): string[] => [...new Set([rolesScope, ...datasets.flatMap(scopesOf)])].sort();

/** Whether a character with these roles and scopes may fetch the dataset. The role Director stands for every other. */
export function canFetch(dataset: Dataset, holder: { roles: readonly string[]; scopes: readonly string[] }): boolean {
  if (isPublic(dataset)) return true;
  const needed = rolesOf(dataset);
  const hasRole =
    needed.length === 0 || holder.roles.includes("Director") || needed.some((role) => holder.roles.includes(role));
  return hasRole && scopesOf(dataset).every((scope) => holder.scopes.includes(scope));
}
