import { type DirectorLink, linksOf, linksOfUser } from "../director/index.ts";
import * as Character from "../identity/character/index.ts";
import { character, corporation, keyOf, type Owner } from "../owner/index.ts";
import * as Actor from "../platform/actor/index.ts";
import { VisibleError } from "../platform/error/index.ts";
import { activeDirectors, type Corporations, reconfirm, requireConfirmed } from "./active.ts";
import { findAdmin } from "./admin.ts";

export { activeDirectors, type Corporations } from "./active.ts";
export { type Admin, findAdmin, requireAdmin } from "./admin.ts";

/**
 * Whether a user can read an owner: a corporation if one of their characters is an active director of it, a character if it
 * is theirs. Consistent reads: true for a director or character that was just linked, false for one just unlinked.
 */
export async function canRead(userId: string, { kind, id }: Owner): Promise<boolean> {
  if (kind === "character") return (await Character.find(id))?.userId === userId;
  const own = (await linksOf(id)).filter((link) => link.userId === userId);
  return (await activeDirectors(own)).length > 0;
}

async function readableCorporations(userId: string, wanted: ReadonlySet<number>): Promise<number[]> {
  if (wanted.size === 0) return [];
  const links = await linksOfUser(userId);
  const active = await activeDirectors(links.filter(({ corporationId }) => wanted.has(corporationId)));
  return active.map(({ corporationId }) => corporationId);
}

async function readableCharacters(userId: string, wanted: ReadonlySet<number>): Promise<number[]> {
  if (wanted.size === 0) return [];
  return (await Character.ofUser(userId)).map(({ characterId }) => characterId).filter((id) => wanted.has(id));
}

/** Keys of those of some owners that a user can read. One read for each kind, which can be a moment behind. */
export async function readableAmong(userId: string, owners: readonly Owner[]): Promise<Set<string>> {
  const idsOf = (kind: Owner["kind"]) => new Set(owners.filter((each) => each.kind === kind).map(({ id }) => id));
  const [corporations, characters] = await Promise.all([
    readableCorporations(userId, idsOf("corporation")),
    readableCharacters(userId, idsOf("character")),
  ]);
  return new Set([...corporations.map(corporation), ...characters.map(character)].map(keyOf));
}

/** Ids of the corporations that a user can read. Asks EVE about directors whose confirmation has expired. */
export async function listReadable(userId: string, corporations: Corporations): Promise<number[]> {
  const links = await linksOfUser(userId);
  const active = [...(await activeDirectors(links)), ...(await reconfirm(links, corporations))];
  return [...new Set(active.map(({ corporationId }) => corporationId))];
}

/** Administrators can export and delete a corporation that has no active director. */
async function isLeftToAdmins(
  corporationId: number,
  links: readonly DirectorLink[],
  { isRegistered }: Corporations,
): Promise<boolean> {
  if ((await findAdmin()) === undefined || (await activeDirectors(links)).length > 0) return false;
  return isRegistered(corporationId);
}

/**
 * Allows users who have a linked director of the corporation, administrators once no director is active, and our own
 * workers. Everyone else gets `corporation.not_found` (404), so that nobody learns who uses the product.
 */
export async function requireCorporation(corporationId: number, corporations: Corporations): Promise<void> {
  const actor = Actor.use();
  if (actor.type === "system") return;
  const { userId } = Actor.assertUser();
  const links = await linksOf(corporationId);
  const own = links.filter((link) => link.userId === userId);
  if ((await activeDirectors(own)).length > 0) return;
  if ((await reconfirm(own, corporations)).length > 0) return;
  if (await isLeftToAdmins(corporationId, links, corporations)) return;
  throw new VisibleError("not_found", "corporation.not_found", "No such corporation.");
}

/**
 * Allows who can delete a corporation's data: a user whose director EVE confirms at this moment, and administrators once
 * no director is active. Says which of the two. Errors: `director.not_confirmed` (403); 503 while EVE does not answer.
 */
export async function requireDirectorNow(
  corporationId: number,
  corporations: Corporations,
): Promise<"director" | "admin"> {
  const { userId } = Actor.assertUser();
  await requireCorporation(corporationId, corporations);
  const own = (await linksOf(corporationId)).filter((link) => link.userId === userId);
  const active = await activeDirectors(own);
  // Without an active director of their own they passed as administrators.
  if (active.length === 0) return "admin";
  await requireConfirmed(active, corporations);
  return "director";
}
