import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as Actor from "../actor/index.ts";
import { type Dataset, isPublic, rateGroupOf, rolesOf, scopesOf } from "../dataset/index.ts";
import * as Db from "../db/index.ts";
import { isConditionFailed } from "../error/index.ts";
import * as Esi from "../esi/index.ts";
import { asConfirmed } from "./confirm.ts";
import { directors, health } from "./corporation.entity.ts";
import { canFetch, datasets, directorScopes } from "./datasets/index.ts";

/** This many failures in a row make a director unhealthy; one success heals. */
export const unhealthyAfter = 3;

/** A director who failed is tried again after this long, so that one who was mended heals without anybody's doing. */
const retryAfterMs = 15 * 60_000;

/** What last happened to a dataset with a director: refused so many times in a row, and works again or not. Epoch ms. */
export interface Incident {
  code: string;
  /** In words; absent in those written before there were any. */
  message?: string;
  firstAt: number;
  at: number;
  times: number;
  healedAt?: number;
}

export interface DirectorState {
  characterId: number;
  userId: string;
  name: string;
  priority: number;
  roles: string[];
  scopes: string[];
  failures: number;
  lastUsedAt: number;
  error?: { code: string; message: string; at: number };
  /** By dataset. */
  incidents: Readonly<Record<string, Incident>>;
  buckets: Esi.Budget.Entry[];
}

/** The directors of a corporation with their health. */
export async function load(corporationId: number, options: { consistent?: boolean } = {}): Promise<DirectorState[]> {
  Actor.assertSystem();
  return loadUnchecked(corporationId, options);
}

/** As `load`, for callers that have checked that the asking user may see the corporation. */
export async function loadUnchecked(
  corporationId: number,
  { consistent = false }: { consistent?: boolean } = {},
): Promise<DirectorState[]> {
  const [known, states] = await Promise.all([
    directors().query.byCorporation({ corporationId }).go({ pages: "all", consistent }),
    health().query.byCorporation({ corporationId }).go({ pages: "all" }),
  ]);
  const healthOf = new Map(states.data.map((state) => [state.characterId, state]));
  return known.data.map((director) => {
    const state = healthOf.get(director.characterId);
    const { characterId, userId, name, priority, roles, scopes } = director;
    return {
      characterId,
      userId,
      name,
      priority,
      roles,
      scopes,
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

/** The corporations that a user's character directs. */
export async function directorships(userId: string, characterId: number): Promise<number[]> {
  // For callers that ask for the user who is asking, or for one who has just logged in.
  const { data } = await directors().query.byUser({ userId }).go({ pages: "all" });
  return data.filter((each) => each.characterId === characterId).map(({ corporationId }) => corporationId);
}

export const isHealthy = (director: DirectorState): boolean => director.failures < unhealthyAfter;

/** Nothing has failed since it last worked. */
export const isUntroubled = ({ failures, incidents }: DirectorState): boolean =>
  failures === 0 && Object.values(incidents).every(({ healedAt }) => healedAt !== undefined);

/** What a dataset was refused for and has not worked since. */
function refusalOf({ incidents }: DirectorState, dataset: string): Incident | undefined {
  const incident = incidents[dataset];
  return incident?.healedAt === undefined ? incident : undefined;
}

/** Until when (epoch ms) another director is asked for a dataset that ESI refused to this one; 0: not at all. */
function refusedUntil(director: DirectorState, dataset: string): number {
  const refusal = refusalOf(director, dataset);
  return refusal ? refusal.at + retryAfterMs : 0;
}

const mayTry = (director: DirectorState, dataset: Dataset, now: number) =>
  (isHealthy(director) || now - (director.error?.at ?? 0) >= retryAfterMs) &&
  refusedUntil(director, dataset.name) <= now;

/** Datasets that ESI has just refused to this director, and until when (epoch ms) another one is asked for them. */
export const refusals = (director: DirectorState, now: number): { dataset: string; until: number }[] =>
  Object.keys(director.incidents)
    .map((dataset) => ({ dataset, until: refusedUntil(director, dataset) }))
    .filter(({ until }) => until > now);

/** Tokens left in the bucket that the dataset draws on; a full bucket where nothing is known. */
function budgetLeft(director: DirectorState, dataset: Dataset): number {
  const group = rateGroupOf(dataset);
  if (!group) return Number.POSITIVE_INFINITY;
  Esi.Budget.restore(director.characterId, director.buckets);
  return Esi.Budget.remaining(group, director.characterId);
}

/**
 * Who may fetch the dataset, best first: healthy before those to be tried again, then, where directors take turns, the one
 * after the `last`; else by priority, then the one whose bucket is fullest, then the one used least recently. `byPerson`:
 * somebody who has perhaps just mended it asks, and those who were refused a moment ago are asked again, after the others.
 */
export function candidates(
  dataset: Dataset,
  all: readonly DirectorState[],
  { now, last, byPerson = false }: { now: number; last?: number | undefined; byPerson?: boolean },
): DirectorState[] {
  const isTrusted = (director: DirectorState) => mayTry(director, dataset, now);
  // One round goes up the ids: those after the last one come first.
  const isNextRound = ({ characterId }: DirectorState) => Number(characterId <= (last ?? 0));
  const inTurn = (a: DirectorState, b: DirectorState) =>
    isNextRound(a) - isNextRound(b) || a.characterId - b.characterId;
  return all
    .filter((director) => canFetch(dataset, director) && (byPerson || isTrusted(director)))
    .map((director) => ({ director, left: budgetLeft(director, dataset) }))
    .sort(
      (a, b) =>
        Number(isTrusted(b.director)) - Number(isTrusted(a.director)) ||
        Number(isHealthy(b.director)) - Number(isHealthy(a.director)) ||
        (dataset.takesTurns ? inTurn(a.director, b.director) : 0) ||
        a.director.priority - b.director.priority ||
        b.left - a.left ||
        a.director.lastUsedAt - b.director.lastUsedAt,
    )
    .map(({ director }) => director);
}

/** Why nobody can fetch a dataset, in words and with what to do. */
export function whyBlocked(dataset: Dataset, all: readonly DirectorState[]): { code: string; message: string } {
  if (all.length === 0) {
    return { code: "director.none", message: "No director is linked. Ask a director to add the corporation." };
  }
  const scoped = all.filter((director) => scopesOf(dataset).every((scope) => director.scopes.includes(scope)));
  if (scoped.length === 0) {
    return {
      code: "director.scope_missing",
      message:
        "No director granted the scope for this. A director has to add the corporation again and accept all scopes.",
    };
  }
  if (!scoped.some((director) => canFetch(dataset, director))) {
    const roles = rolesOf(dataset)
      .map((role) => role.replaceAll("_", " "))
      .join(" or ");
    return { code: "director.role_missing", message: `No linked director holds the in-game role ${roles}.` };
  }
  // A success with another dataset takes a director's last error away, but not what is known of this one.
  const troubleAt = (director: DirectorState) =>
    Math.max(refusalOf(director, dataset.name)?.at ?? 0, director.error?.at ?? 0);
  const [last] = scoped.filter((director) => troubleAt(director) > 0).sort((a, b) => troubleAt(b) - troubleAt(a));
  const why = last && (refusalOf(last, dataset.name)?.message ?? last.error?.message);
  return {
    code: "director.unhealthy",
    message: last
      ? `Every director who could fetch this was refused, ${last.name} most recently${why ? `: ${why}` : "."}`
      : "Every director who could fetch this failed several times in a row.",
  };
}

/** Last health that this process wrote, by director. */
const written = new Map<number, number>();
/** Budgets are written down this often; in between this process knows them, and others learn from ESI's own headers. */
const writeEveryMs = 60_000;
/** While every bucket is at least so full, nobody needs to know how full: they are written this often. */
const plenty = 0.75;
const writeAtEaseMs = 10 * 60_000;

const isAtEase = (buckets: Esi.Budget.Entry[]): boolean =>
  Esi.Budget.left(buckets).every(({ remaining, limit }) => remaining >= plenty * limit);

interface HealthChange {
  set: Record<string, unknown>;
  remove?: readonly string[];
  /** One more failure in a row. */
  failed?: boolean;
  dataset: string;
  incident?: Incident | undefined;
}

/**
 * Changes a director's health in place and gives it as it is then. What two workers say of different datasets at the same
 * time both stands, which ElectroDB cannot express: an attribute within a map is named by the dataset. Health comes with the
 * director and goes with them: of one who has been taken out nothing is brought back (undefined).
 */
async function change(
  corporationId: number,
  characterId: number,
  { set, remove = [], failed, dataset, incident }: HealthChange,
): Promise<{ failures: number } | undefined> {
  const { TableName, Key } = health().get({ corporationId, characterId }).params() as UpdateCommandInput;
  const values = { ...set, ...(failed ? { one: 1 } : {}), ...(incident ? { incident } : {}) };
  const sets = [
    ...Object.keys(set).map((name) => `#${name} = :${name}`),
    ...(incident ? ["#incidents.#dataset = :incident"] : []),
  ];
  const command = new UpdateCommand({
    TableName,
    Key,
    UpdateExpression: [
      `SET ${sets.join(", ")}`,
      ...(remove.length > 0 ? [`REMOVE ${remove.join(", ")}`] : []),
      ...(failed ? ["ADD failures :one"] : []),
    ].join(" "),
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: {
      ...Object.fromEntries(Object.keys(set).map((name) => [`#${name}`, name])),
      ...(incident ? { "#incidents": "incidents", "#dataset": dataset } : {}),
    },
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
    ReturnValues: "ALL_NEW",
  });
  try {
    const { Attributes } = await Db.client().send(command);
    return { failures: Number(Attributes?.failures ?? 0) };
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}

/** A use that worked: heals, and now and then keeps what is left of the budgets. */
export async function recordSuccess(corporationId: number, director: DirectorState, dataset: string): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  const { characterId } = director;
  const refusal = refusalOf(director, dataset);
  const heals = director.failures > 0 || refusal !== undefined;
  const buckets = Esi.Budget.snapshot(characterId);
  const sinceMs = now - (written.get(characterId) ?? 0);
  if (!heals && sinceMs < (isAtEase(buckets) ? writeAtEaseMs : writeEveryMs)) return;
  written.set(characterId, now);
  await change(corporationId, characterId, {
    set: { lastUsedAt: now, buckets, ...(heals ? { failures: 0 } : {}) },
    remove: heals ? ["errorCode", "errorMessage", "errorAt"] : [],
    dataset,
    incident: refusal && { ...refusal, healedAt: now },
  });
}

/**
 * A use that failed because of the director (no role, no token). Returns how many in a row that makes; none of one who has
 * been taken out meanwhile.
 */
export async function recordFailure(
  corporationId: number,
  director: DirectorState,
  { code, message, dataset }: { code: string; message: string; dataset: string },
): Promise<number> {
  Actor.assertSystem();
  const now = Date.now();
  const { characterId } = director;
  const before = refusalOf(director, dataset);
  const goesOn = before?.code === code ? before : undefined;
  const buckets = Esi.Budget.snapshot(characterId);
  const updated = await change(corporationId, characterId, {
    set: { lastUsedAt: now, errorCode: code, errorMessage: message, errorAt: now, buckets },
    failed: true,
    dataset,
    incident: { code, message, firstAt: goesOn?.firstAt ?? now, at: now, times: (goesOn?.times ?? 0) + 1 },
  });
  return updated?.failures ?? 0;
}

/** What a director lacks: scopes never granted, and the datasets that the in-game roles do not reach. */
export function lacks(director: Pick<DirectorState, "roles" | "scopes">): { scopes: string[]; datasets: string[] } {
  return {
    scopes: directorScopes().filter((scope) => !director.scopes.includes(scope)),
    datasets: datasets
      .filter(
        (dataset) => !isPublic(dataset) && !canFetch(dataset, { roles: director.roles, scopes: directorScopes() }),
      )
      .map((dataset) => dataset.name),
  };
}

/** Takes a director out of a corporation that the character has left. */
export async function drop(corporationId: number, characterId: number): Promise<void> {
  Actor.assertSystem();
  await health().delete({ corporationId, characterId }).go();
  await directors().delete({ corporationId, characterId }).go();
}

/** When a director is asked, beside the others: before them, in turn with them, or only if none of them can. */
export const preferences = ["first", "in_turn", "last"] as const;
type Preference = (typeof preferences)[number];

const priorities: Readonly<Record<Preference, number>> = { first: -1, in_turn: 0, last: 1 };

export const preferenceOf = ({ priority }: Pick<DirectorState, "priority">): Preference =>
  preferences.find((preference) => priorities[preference] === priority) ?? "in_turn";

/** Throws ElectroDB's condition failure if there is no such director. */
export async function prefer(corporationId: number, characterId: number, preference: Preference): Promise<void> {
  Actor.assertSystem();
  await directors().patch({ corporationId, characterId }).set({ priority: priorities[preference] }).go();
}

export type NewDirector = Pick<DirectorState, "characterId" | "userId" | "name" | "roles" | "scopes">;

/**
 * Makes a character a director. Who is added again has today's roles and scopes, none of the failures of before, and is
 * asked as before.
 */
export async function enlist(corporationId: number, director: NewDirector): Promise<void> {
  Actor.assertSystem();
  const now = Date.now();
  await health().put({ corporationId, characterId: director.characterId, failures: 0, incidents: {} }).go();
  await directors()
    .upsert({ ...director, corporationId, ...asConfirmed(director.roles, now) })
    .ifNotExists({ priority: priorities.in_turn, addedAt: now })
    .go();
}

/** A director has logged in again: the token can do what it can, and what failed before is forgotten. */
export async function revive(corporationId: number, characterId: number, scopes: string[]): Promise<void> {
  Actor.assertSystem();
  await health().put({ corporationId, characterId, failures: 0, incidents: {} }).go();
  await directors().patch({ corporationId, characterId }).set({ scopes }).go();
}
