import * as z from "zod";
import * as Directors from "../../director/index.ts";
import * as Agenda from "../../engine/agenda/index.ts";
import { fetchFirst, keepFirst } from "../../engine/refresh/index.ts";
import * as Schedule from "../../engine/schedule/index.ts";
import { affiliationsOf } from "../../eve/affiliation/index.ts";
import * as Character from "../../identity/character/index.ts";
import * as Token from "../../identity/token/index.ts";
import * as Owner from "../../owner/index.ts";
import * as Actor from "../../platform/actor/index.ts";
import { isConditionFailed, VisibleError } from "../../platform/error/index.ts";
import { fn } from "../../platform/fn/index.ts";
import * as Log from "../../platform/log/index.ts";
import { announce } from "./acts.ts";
import { corporations, inactivities } from "./corporation.entity.ts";
import { directorScopes, get as getDataset } from "./datasets/index.ts";
import { DirectorId } from "./directors.ts";
import { erase } from "./erase.ts";
import { publicInfo } from "./public.ts";
import { reactivate } from "./reactivate.ts";
import { listReadable, requireDirectorNow, requireReader } from "./reader.ts";
import { find, type Registered } from "./registry.ts";

export { checkDirectors } from "./check.ts";
export * as Datasets from "./datasets/index.ts";
export { Director, listDirectors, preferDirector } from "./directors.ts";
export { Inactive, listInactive, removeAllExpired } from "./inactive.ts";
export { requireReader } from "./reader.ts";
export { type Registered, registered, rememberLeaving } from "./registry.ts";

const Id = z.object({ corporationId: z.int().positive() });

export const Info = z.object({
  corporationId: z.int(),
  name: z.string(),
  ticker: z.string(),
  tier: Owner.Tier,
  addedAt: z.iso.datetime(),
  ceoId: z.int().optional(),
  ceoName: z.string().optional(),
  allianceId: z.int().optional(),
  allianceName: z.string().optional(),
  memberCount: z.int().optional(),
  taxRate: z.number().optional(),
  dateFounded: z.string().optional(),
  homeStationId: z.int().optional(),
  /** Nothing is fetched any more: why, since when, and when everything that is stored is deleted. */
  inactive: z.object({ status: z.enum(inactivities), since: z.iso.datetime(), deleteAt: z.iso.datetime() }).optional(),
});
export type Info = z.infer<typeof Info>;

const isoOf = (at = 0): string => new Date(at).toISOString();

/** Name and ticker are those of the last refresh; the registry has those of the day on which the corporation was added. */
function toInfo(registered: Registered, known: Partial<Info>): Info {
  const { name, ticker, status, statusSince, deleteAt, ...corporation } = registered;
  return Info.parse({
    ...corporation,
    ...known,
    ...(status ? { inactive: { status, since: isoOf(statusSince), deleteAt: isoOf(deleteAt) } } : {}),
    addedAt: isoOf(corporation.addedAt),
    name: known.name ?? name,
    ticker: known.ticker ?? ticker,
  });
}

const describe = async (corporation: Registered): Promise<Info> =>
  toInfo(corporation, (await publicInfo(corporation.corporationId)) as Partial<Info>);

/** One whose last refresh cannot be read is called as on the day on which it was added: it must not take others with it. */
async function describeAnyway(corporation: Registered): Promise<Info> {
  try {
    return await describe(corporation);
  } catch (error) {
    Log.error("corporation not read", { error, corporationId: corporation.corporationId });
    return toInfo(corporation, {});
  }
}

export const get = fn(Id, async ({ corporationId }): Promise<Info> => {
  await requireReader(corporationId);
  const corporation = await find(corporationId);
  if (!corporation) throw new VisibleError("not_found", "corporation.not_found", "No such corporation.");
  return describe(corporation);
});

/** The corporations that the user can see. */
export async function list(): Promise<Info[]> {
  const { userId } = Actor.assertUser();
  const found = await Promise.all((await listReadable(userId)).map((corporationId) => find(corporationId)));
  return Promise.all(found.filter((corporation) => corporation !== undefined).map(describeAnyway));
}

const PublicCorporation = z.object({ name: z.string(), ticker: z.string() });

async function currentCorporation(characterId: number): Promise<number> {
  const { known } = await affiliationsOf([characterId], { isAnew: true });
  const corporationId = known.get(characterId)?.corporation_id;
  if (corporationId !== undefined) return corporationId;
  throw new VisibleError(
    "unavailable",
    "corporation.unknown",
    "EVE does not say where this character is. Try again in a minute.",
  );
}

async function register(corporationId: number, userId: string): Promise<Registered> {
  const known = await find(corporationId, { consistent: true });
  if (known) return known;
  const dataset = getDataset("public-info");
  const fetched = await fetchFirst(Owner.corporation(corporationId), dataset);
  const { name, ticker } = PublicCorporation.parse(fetched.parts[0]?.rows?.[0]);
  const addedAt = Date.now();
  const registered = {
    owner: Owner.corporation(corporationId),
    corporationId,
    name,
    ticker,
    tier: "P1",
    addedAt,
    addedBy: userId,
  } as const;
  try {
    await corporations().create(registered).go();
  } catch (error) {
    // Two directors added it at once: the first one's row stands.
    if (isConditionFailed(error)) return register(corporationId, userId);
    throw error;
  }
  await Actor.provide({ type: "system", name: "corporation-add" }, () =>
    keepFirst(registered, dataset, fetched, Owner.retentionDaysOf(registered.tier)),
  );
  return registered;
}

/**
 * Makes a character a director, and the corporation active again if it was not. One that is removed by somebody else just
 * then is registered once more.
 */
async function installDirector(registered: Registered, director: Directors.NewDirector): Promise<void> {
  const { corporationId, tier, addedAt } = registered;
  await Actor.provide({ type: "system", name: "corporation-add" }, async () => {
    await Directors.link(corporationId, director);
    await reactivate(corporationId, inactivities);
    await Agenda.wake(registered.owner, tier, addedAt);
  });
  const now = await find(corporationId, { consistent: true });
  if (now?.addedAt !== addedAt) await installDirector(await register(corporationId, director.userId), director);
}

/**
 * Adds the corporation of one of the asking user's characters, with that character as a director. Adding it again renews
 * the director's roles and scopes. Errors: `corporation.scopes_missing`, `corporation.not_a_director` (403).
 */
export const add = fn(z.object({ characterId: z.int().positive() }), async ({ characterId }): Promise<Info> => {
  const { userId } = Actor.assertUser();
  const character = await Character.get({ characterId });
  if (!character.token.scopes.includes(Directors.rolesScope)) {
    throw new VisibleError(
      "forbidden",
      "corporation.scopes_missing",
      `${character.name} has not granted the scopes that a director needs. Choose "Add corporation" and accept them at EVE.`,
    );
  }
  const [corporationId, rights] = await Promise.all([
    currentCorporation(characterId),
    Actor.provide({ type: "system", name: "corporation-add" }, () => Directors.readRoles(characterId, "you")),
  ]);
  if (!rights.roles.includes("Director")) {
    throw new VisibleError(
      "forbidden",
      "corporation.not_a_director",
      `${character.name} does not hold the in-game role Director. Ask a director or the CEO to add the corporation.`,
    );
  }
  const director = { characterId, userId, name: character.name, ...rights };
  const registered = await register(corporationId, userId);
  const all = await Directors.loadUnchecked(corporationId);
  if (!all.some((each) => each.characterId === characterId && each.userId === userId)) {
    const action = all.length === 0 ? "corporation.added" : "director.added";
    const directors = [{ characterId, userId, name: character.name }];
    await announce({ action, corporationId, directors, all, did: (who, name) => `made ${who} a director of ${name}` });
  }
  await installDirector(registered, director);
  await Actor.provide({ type: "system", name: "corporation-add" }, async () => {
    await Schedule.dispatchNow(Owner.corporation(corporationId));
    await Schedule.resume(Owner.corporation(corporationId));
  });
  return describe((await find(corporationId, { consistent: true })) ?? registered);
});

/** The scopes that a character's own directorships need. */
export const scopesOf = fn(z.object({ characterId: z.int().positive() }), async ({ characterId }) => {
  const { userId } = Actor.assertUser();
  return (await Directors.directedBy(userId, characterId)).length > 0 ? directorScopes() : [];
});

/**
 * After a login with a character: what its new token can do is known to the corporations that it directs, its failures of
 * before are forgotten, and what waited for it is fetched at once. A director who was well before stays untouched.
 */
export const renew = fn(
  z.object({ userId: z.string(), characterId: z.int().positive() }),
  async ({ userId, characterId }) => {
    Actor.assertSystem();
    const corporationIds = await Directors.directedBy(userId, characterId);
    if (corporationIds.length === 0) return;
    const [token] = await Token.statuses({ characterIds: [characterId] });
    if (token?.status !== "valid") return;
    for (const corporationId of corporationIds) await renewDirector(corporationId, characterId, token.scopes);
  },
);

async function renewDirector(corporationId: number, characterId: number, scopes: string[]): Promise<void> {
  const director = (await Directors.loadUnchecked(corporationId)).find((each) => each.characterId === characterId);
  if (!director) return;
  const isInactive = (await find(corporationId))?.status !== undefined;
  if (!isInactive && Directors.hasNoOpenIncident(director) && isSame(director.scopes, scopes)) return;
  await Directors.reset(corporationId, characterId, scopes);
  // Without the scope for it EVE cannot be asked for the roles: sight goes on as it was, and ends in its time.
  const answer = scopes.includes(Directors.rolesScope)
    ? await Directors.confirmMembership({ corporationId, characterId })
    : undefined;
  if (answer?.kind === "confirmed" && (await reactivate(corporationId, ["abandoned"]))) {
    await Schedule.dispatchNow(Owner.corporation(corporationId));
  }
  await Schedule.resume(Owner.corporation(corporationId));
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((scope) => other.includes(scope));

/**
 * Takes directors out, and with the last one everything that is stored of the corporation. The directors go last: whoever
 * was interrupted still sees the corporation and can remove it again.
 */
async function takeOut(
  corporationId: number,
  isLeaving: (director: Directors.DirectorState) => boolean,
): Promise<void> {
  const all = await Directors.loadUnchecked(corporationId);
  const leaving = all.filter(isLeaving);
  const isLast = leaving.length === all.length;
  if (leaving.length === 0 && !isLast) return;
  await announce({
    action: isLast ? "corporation.removed" : "director.removed",
    corporationId,
    directors: leaving.map(({ characterId, userId, name }) => ({ characterId, userId, name })),
    all,
    did: (names, name) =>
      isLast ? `removed ${name} with everything that was stored of it` : `took ${names} out of ${name}'s directors`,
  });
  const isWanted = async () => !(await Directors.loadUnchecked(corporationId, { consistent: true })).every(isLeaving);
  await Actor.provide({ type: "system", name: "corporation-remove" }, async () => {
    if (isLast) await erase(corporationId, { isWanted });
    for (const { characterId } of leaving) await Directors.unlink(corporationId, characterId);
  });
}

/** Takes a director out. Their token stays with the character; only the corporation stops using it. */
export const removeDirector = fn(DirectorId, async ({ corporationId, characterId }) => {
  await requireDirectorNow(corporationId);
  await takeOut(corporationId, (director) => director.characterId === characterId);
});

/**
 * Stops following a corporation: the asking user's directors are taken out, and with the last director everything that was
 * stored of it goes. An administrator, who may once no director sees it any more, takes out all.
 */
export const remove = fn(Id, async ({ corporationId }) => {
  const allowed = await requireDirectorNow(corporationId);
  const { userId } = Actor.assertUser();
  await takeOut(corporationId, (director) => allowed === "admin" || director.userId === userId);
});
