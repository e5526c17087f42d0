import { rolesScope } from "../../../director/index.ts";
import { catalogueOf } from "../../../engine/catalogue/index.ts";
import { type Dataset, scopesOf } from "../../../engine/dataset/index.ts";
import { contactLabels } from "./affairs/contact-labels.ts";
import { contacts } from "./affairs/contacts.ts";
import { freelanceJobs } from "./affairs/freelance-jobs.ts";
import { freelanceParticipants } from "./affairs/freelance-participants.ts";
import { fwStats } from "./affairs/fw-stats.ts";
import { medals } from "./affairs/medals.ts";
import { medalsIssued } from "./affairs/medals-issued.ts";
import { npcCorporations } from "./affairs/npc-corporations.ts";
import { partyNames } from "./affairs/party-names.ts";
import { projectContribution } from "./affairs/project-contribution.ts";
import { projectContributors } from "./affairs/project-contributors.ts";
import { projectDetails } from "./affairs/project-details.ts";
import { projects } from "./affairs/projects.ts";
import { standings } from "./affairs/standings.ts";
import { assetLocations } from "./assets/asset-locations.ts";
import { assetNames } from "./assets/asset-names.ts";
import { assets } from "./assets/assets.ts";
import { locationNames } from "./assets/location-names.ts";
import { killmails } from "./combat/killmails.ts";
import { recentKillmails } from "./combat/recent-killmails.ts";
import { contractBids } from "./contracts/contract-bids.ts";
import { contractItems } from "./contracts/contract-items.ts";
import { contracts } from "./contracts/contracts.ts";
import { allianceHistory } from "./corporation/alliance-history.ts";
import { divisions } from "./corporation/divisions.ts";
import { icons } from "./corporation/icons.ts";
import { publicInfo } from "./corporation/public-info.ts";
import { blueprints } from "./industry/blueprints.ts";
import { facilities } from "./industry/facilities.ts";
import { industryJobs } from "./industry/industry-jobs.ts";
import { miningExtractions } from "./industry/mining-extractions.ts";
import { miningLedger } from "./industry/mining-ledger.ts";
import { miningObservers } from "./industry/mining-observers.ts";
import { orderHistory } from "./market/order-history.ts";
import { orders } from "./market/orders.ts";
import { memberLimit } from "./members/member-limit.ts";
import { memberTitles } from "./members/member-titles.ts";
import { memberTracking } from "./members/member-tracking.ts";
import { members } from "./members/members.ts";
import { roleHistory } from "./members/role-history.ts";
import { roles } from "./members/roles.ts";
import { titles } from "./members/titles.ts";
import { containerLogs } from "./structures/container-logs.ts";
import { customsOffices } from "./structures/customs-offices.ts";
import { skyhookDetails } from "./structures/skyhook-details.ts";
import { skyhooks } from "./structures/skyhooks.ts";
import { sovereigntyHubDetails } from "./structures/sovereignty-hub-details.ts";
import { sovereigntyHubs } from "./structures/sovereignty-hubs.ts";
import { starbaseDetails } from "./structures/starbase-details.ts";
import { starbases } from "./structures/starbases.ts";
import { structures } from "./structures/structures.ts";
import { shareholders } from "./wallet/shareholders.ts";
import { walletJournal } from "./wallet/wallet-journal.ts";
import { walletTransactions } from "./wallet/wallet-transactions.ts";
import { wallets } from "./wallet/wallets.ts";

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

export const catalogue = catalogueOf(datasets);
export const { find, get } = catalogue;

/** Every scope that a director is asked for. */
export const directorScopes = (): string[] => [...new Set([rolesScope, ...datasets.flatMap(scopesOf)])].sort();
