import type { Dataset } from "@tapi/core/engine/dataset";
import { type Route, routes } from "@tapi/core/eve/esi";

/*
 * What the world is taken to be like: how large a corporation's collections are, how often they change, how long ESI takes.
 * These are assumptions, set down in docs/scale.md; intervals, pages and rate limits are those of the declarations.
 */

/** Details whose items expire by themselves, an hour after they were fetched. The others wait for their list to change. */
const liveDetails: ReadonlySet<string> = new Set([
  "asset-locations",
  "asset-names",
  "contract-bids",
  "mining-ledger",
  "skyhook-details",
  "sovereignty-hub-details",
  "starbase-details",
]);
/** Where neither the route nor the declaration says how often something can be new. */
const otherwiseSeconds = 3600;

/** Rows for each member of a corporation. */
const rowsPerMember: Readonly<Record<string, number>> = {
  assets: 35,
  blueprints: 8,
  "wallet-journal": 6,
  "wallet-transactions": 3,
  "container-logs": 2,
  orders: 0.5,
  "order-history": 2,
  contracts: 1,
  "recent-killmails": 1,
  "medals-issued": 2,
  "role-history": 1,
  contacts: 0.3,
};
/**
 * Details asked for in one refresh, for each member: most of what a list holds has been asked for already. Below a half
 * there are none: the corporation has no such structures.
 */
const detailsPerMember: Readonly<Record<string, number>> = {
  "contract-items": 0.002,
  "contract-bids": 0.002,
  killmails: 0.002,
  "mining-ledger": 0.02,
  "starbase-details": 0.004,
  "skyhook-details": 0.004,
  "sovereignty-hub-details": 0.004,
  "project-details": 0.001,
  "project-contributors": 0.005,
  "project-contribution": 0.01,
  "freelance-participants": 0.005,
  "location-names": 0.001,
  "asset-names": 0.0005,
  "asset-locations": 0.0002,
};
const rowsPerPage = 1000;
const mostDetails = 100;
/** A member does something that a dataset shows this often an hour. */
const changesPerMemberHour = 0.02;

export interface Profile {
  dataset: Dataset;
  group: string | undefined;
  limit: number;
  windowMs: number;
  isPublic: boolean;
  isDaily: boolean;
  intervalMs: number;
  minIntervalMs: number;
  divisions: number;
  rowsPerMember: number;
  detailsPerMember: number | undefined;
  /** Details that expire by themselves. */
  isLive: boolean;
}

export function profileOf(dataset: Dataset): Profile {
  const route: Route = routes[dataset.operations[0]];
  const seconds = route.cacheTtlSeconds ?? dataset.minIntervalSeconds ?? otherwiseSeconds;
  return {
    dataset,
    group: route.rateGroup,
    limit: route.maxTokens ?? 0,
    windowMs: (route.windowSeconds ?? 900) * 1000,
    isPublic: !route.scopes,
    isDaily: route.daily === true,
    intervalMs: (dataset.detailOf === undefined ? seconds : otherwiseSeconds) * 1000,
    minIntervalMs: (dataset.minIntervalSeconds ?? 0) * 1000,
    divisions: route.path.includes("{division}") ? 7 : 1,
    rowsPerMember: rowsPerMember[dataset.name] ?? 0.05,
    detailsPerMember: detailsPerMember[dataset.name],
    isLive: liveDetails.has(dataset.name),
  };
}

/** Calls that a refresh takes: pages by division, or details. */
export function callsOf(profile: Profile, members: number): number {
  if (profile.detailsPerMember !== undefined) {
    return Math.min(mostDetails, Math.round(profile.detailsPerMember * members));
  }
  const pages = Math.max(1, Math.ceil((profile.rowsPerMember * members) / profile.divisions / rowsPerPage));
  return pages * profile.divisions;
}

/** How likely it is that something has changed in a time. */
export const changeChance = (members: number, ms: number): number =>
  1 - Math.exp((-members * changesPerMemberHour * ms) / 3_600_000);

const horizonMs = 24 * 3_600_000;

/** How long what was fetched stays as it is, as far as is known: of details, while their list stays as it is. */
export const lifeMs = ({ dataset, isLive, intervalMs }: Profile, calls: number): number =>
  dataset.detailOf !== undefined && !(isLive && calls > 0) ? horizonMs : intervalMs;

const pagesAtOnce = 20;
const refreshCpuMs = 20;
const unchangedPageMs = 2;
const changedPageMs = 20;

/** Milliseconds that a refresh waits for ESI and the table: calls go 20 side by side. */
export function waitMs(calls: number, random: () => number): number {
  const tableMs = 40;
  const answerMs = 120 - 180 * Math.log(1 - random());
  return tableMs + answerMs * Math.ceil(calls / pagesAtOnce);
}

/** Milliseconds that it computes, on a whole core. */
export const cpuMs = (calls: number, isChanged: boolean): number =>
  refreshCpuMs + calls * (isChanged ? changedPageMs : unchangedPageMs);
