import { type Dataset, isPublic, rolesOf, scopesOf } from "../../dataset/index.ts";
import { VisibleError } from "../../error/index.ts";
import { assetNames } from "./asset-names.ts";
import { assets } from "./assets.ts";
import { divisions } from "./divisions.ts";
import { locationNames } from "./location-names.ts";
import { memberTracking } from "./member-tracking.ts";
import { members } from "./members.ts";
import { publicInfo } from "./public-info.ts";
import { walletJournal } from "./wallet-journal.ts";
import { walletTransactions } from "./wallet-transactions.ts";
import { wallets } from "./wallets.ts";

/** Every corporation dataset, in the order in which the app shows them. */
export const datasets: readonly Dataset[] = [
  publicInfo,
  divisions,
  members,
  memberTracking,
  wallets,
  walletJournal,
  walletTransactions,
  assets,
  assetNames,
  locationNames,
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
