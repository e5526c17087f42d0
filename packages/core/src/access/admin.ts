import * as Actor from "../actor/index.ts";
import * as Owner from "../character/owner.ts";
import { get } from "../config/index.ts";
import { VisibleError } from "../error/index.ts";

// Apart from index.ts because the audit trail needs it, into which changes of access are written.

/** Who administers: a person by character, or one of our own processes by name. */
export interface Admin {
  name: string;
  characterId?: number;
}

/** The asking administrator, if it is one. */
export async function findAdmin(): Promise<Admin | undefined> {
  const actor = Actor.use();
  if (actor.type === "system") return { name: actor.name };
  if (actor.type === "public") return undefined;
  const named = await Promise.all(get().ADMIN_CHARACTER_IDS.map(Owner.find));
  const own = named.find((character) => character?.userId === actor.userId);
  return own && { name: own.name, characterId: own.characterId };
}

/**
 * Lets pass the administrators (users with a character that the configuration names, still theirs) and our own processes.
 * To anyone else it is an address that does not exist: nobody learns that there is something to administer.
 */
export async function requireAdmin(): Promise<Admin> {
  const admin = await findAdmin();
  if (admin) return admin;
  throw new VisibleError("not_found", "request.no_such_route", "There is nothing here.");
}
