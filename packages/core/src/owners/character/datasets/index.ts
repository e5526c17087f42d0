import { catalogueOf } from "../../../engine/catalogue/index.ts";
import { type Dataset, scopesOf } from "../../../engine/dataset/index.ts";
import { standings } from "./affairs/standings.ts";
import { assetLocations } from "./assets/asset-locations.ts";
import { assetNames } from "./assets/asset-names.ts";
import { assets } from "./assets/assets.ts";
import { locationNames } from "./assets/location-names.ts";
import { location } from "./location/location.ts";
import { online } from "./location/online.ts";
import { ship } from "./location/ship.ts";
import { notifications } from "./notifications/notifications.ts";
import { implants } from "./skills/implants.ts";
import { skillQueue } from "./skills/skill-queue.ts";
import { skills } from "./skills/skills.ts";
import { loyaltyPoints } from "./wallet/loyalty-points.ts";
import { partyNames } from "./wallet/party-names.ts";
import { wallet } from "./wallet/wallet.ts";
import { walletJournal } from "./wallet/wallet-journal.ts";
import { walletTransactions } from "./wallet/wallet-transactions.ts";

/** Every character dataset, in the order in which the app shows them. */
export const datasets: readonly Dataset[] = [
  skills,
  skillQueue,
  implants,
  wallet,
  walletJournal,
  walletTransactions,
  assets,
  assetNames,
  assetLocations,
  locationNames,
  location,
  ship,
  online,
  notifications,
  partyNames,
  loyaltyPoints,
  standings,
];

export const catalogue = catalogueOf(datasets);
export const { find, get } = catalogue;

/** Every scope that a pilot is asked for. */
export const pilotScopes = (): string[] => [...new Set(datasets.flatMap(scopesOf))].sort();
