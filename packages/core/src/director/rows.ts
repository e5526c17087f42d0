import type * as Esi from "../eve/esi/index.ts";
import * as Actor from "../platform/actor/index.ts";
import { asConfirmed } from "./confirm.ts";
import { directors, health } from "./director.entity.ts";

/** The last refusals of a dataset for a director. Moments are epoch ms. */
export interface Incident {
  code: string;
  /** Absent in older rows, which have the code alone. */
  message?: string;
  firstAt: number;
  at: number;
  /** Refusals in a row. */
  times: number;
  /** Absent: the dataset has not worked since. */
  healedAt?: number;
}

/** A director with health and budgets, as the choice of a fetcher needs them. Moments are epoch ms, 0 for never. */
export interface DirectorState {
  characterId: number;
  userId: string;
  name: string;
  priority: number;
  roles: string[];
  scopes: string[];
  /** Failures in a row. */
  failures: number;
  lastUsedAt: number;
  error?: { code: string; message: string; at: number };
  /** By dataset. */
  incidents: Readonly<Record<string, Incident>>;
  buckets: Esi.Budget.Entry[];
}

/** That a character directs a corporation, and until when EVE's confirmation of it counts. Moments are epoch ms. */
export interface DirectorLink {
  characterId: number;
  corporationId: number;
  userId: string;
  name: string;
  roles: string[];
  rolesCheckedAt: number;
  askedAt?: number | undefined;
  confirmedUntil?: number | undefined;
}

/** The directors of a corporation with their health. For the system alone. */
export async function load(corporationId: number, options: { consistent?: boolean } = {}): Promise<DirectorState[]> {
  Actor.assertSystem();
  return loadUnchecked(corporationId, options);
}

/** Same as `load`, for callers that have checked that the asking user can read the corporation. */
export async function loadUnchecked(
  corporationId: number,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<DirectorState[]> {
  const [links, states] = await Promise.all([
    directors().query.byCorporation({ corporationId }).go({ pages: "all", consistent }),
    health().query.byCorporation({ corporationId }).go({ pages: "all" }),
  ]);
  const healthOf = new Map(states.data.map((state) => [state.characterId, state]));
  return links.data.map(({ characterId, userId, name, priority, roles, scopes }) => {
    const state = healthOf.get(characterId);
    return {
      ...{ characterId, userId, name, priority, roles, scopes },
      failures: state?.failures ?? 0,
      lastUsedAt: state?.lastUsedAt ?? 0,
      buckets: (state?.buckets ?? []) as Esi.Budget.Entry[],
      incidents: (state?.incidents ?? {}) as DirectorState["incidents"],
      ...(state?.errorCode && state.errorAt
        ? { error: { code: state.errorCode, message: state.errorMessage ?? "", at: state.errorAt } }
        : {}),
    };
  });
}

/** The links of a corporation, active or not. A consistent read: it has a director who was added just before. */
// For callers that decide with it whether the asking user can read the corporation.
export async function linksOf(corporationId: number): Promise<DirectorLink[]> {
  const { data } = await directors().query.byCorporation({ corporationId }).go({ pages: "all", consistent: true });
  return data;
}

/** The links of a user's characters, active or not. The index can be a moment behind. */
// For callers that ask for the asking user, for one who has just logged in, or as the system.
export async function linksOfUser(userId: string): Promise<DirectorLink[]> {
  const { data } = await directors().query.byUser({ userId }).go({ pages: "all" });
  return data;
}

/** Ids of the corporations that one of a user's characters directs. */
export async function directedBy(userId: string, characterId: number): Promise<number[]> {
  const links = await linksOfUser(userId);
  return links.filter((link) => link.characterId === characterId).map(({ corporationId }) => corporationId);
}

export type NewDirector = Pick<DirectorState, "characterId" | "userId" | "name" | "roles" | "scopes">;

/** Takes turns with the others: the priority of a new director. */
const inTurn = 0;

/**
 * Links a character to a corporation as a director. Linked again, a director gets today's roles and scopes and a health
 * without failures, and keeps the preference.
 */
export async function link(corporationId: number, director: NewDirector): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  await health().put({ corporationId, characterId: director.characterId, failures: 0, incidents: {} }).go();
  await directors()
    .upsert({ ...director, corporationId, ...asConfirmed(director.roles, now) })
    .ifNotExists({ priority: inTurn, addedAt: now })
    .go();
}

/** After a login: stores the new token's scopes and deletes the failures of the old one. */
export async function reset(corporationId: number, characterId: number, scopes: string[]): Promise<void> {
  Actor.assertSystem();
  await health().put({ corporationId, characterId, failures: 0, incidents: {} }).go();
  await directors().patch({ corporationId, characterId }).set({ scopes }).go();
}

/** Unlinks a director: the link and its health are deleted. The token stays with the character. */
export async function unlink(corporationId: number, characterId: number): Promise<void> {
  Actor.assertSystem();
  await health().delete({ corporationId, characterId }).go();
  await directors().delete({ corporationId, characterId }).go();
}

/** When a director is used: before the others, in turn with them, or only if none of them can fetch. */
export const preferences = ["first", "in_turn", "last"] as const;
type Preference = (typeof preferences)[number];

const priorities: Readonly<Record<Preference, number>> = { first: -1, in_turn: inTurn, last: 1 };

export const preferenceOf = ({ priority }: Pick<DirectorState, "priority">): Preference =>
  preferences.find((preference) => priorities[preference] === priority) ?? "in_turn";

/** Sets when a director is used. Throws ElectroDB's failed condition if there is no such director. */
export async function setPreference(corporationId: number, characterId: number, preference: Preference): Promise<void> {
  Actor.assertSystem();
  await directors().patch({ corporationId, characterId }).set({ priority: priorities[preference] }).go();
}
