import * as Character from "../identity/character/index.ts";
import * as Actor from "../platform/actor/index.ts";
import { get } from "../platform/config/index.ts";
import { VisibleError } from "../platform/error/index.ts";

/** An administrator: a person with a character, or one of our own processes. */
export interface Admin {
  name: string;
  characterId?: number;
}

/** The asking actor as an administrator; undefined for anyone else. */
export async function findAdmin(): Promise<Admin | undefined> {
  const actor = Actor.use();
  if (actor.type === "system") return { name: actor.name };
  if (actor.type === "public") return undefined;
  const named = await Promise.all(get().ADMIN_CHARACTER_IDS.map(Character.find));
  const own = named.find((character) => character?.userId === actor.userId);
  return own && { name: own.name, characterId: own.characterId };
}

/**
 * Allows administrators (users with a character that the configuration names) and our own processes. Everyone else gets
 * `request.no_such_route` (404), so that nobody learns that there is something to administer.
 */
export async function requireAdmin(): Promise<Admin> {
  const admin = await findAdmin();
  if (admin) return admin;
  throw new VisibleError("not_found", "request.no_such_route", "There is nothing here.");
}
