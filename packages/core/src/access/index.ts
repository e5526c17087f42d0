import * as Actor from "../actor/index.ts";
import * as Owner from "../character/owner.ts";
import { get } from "../config/index.ts";
import { directors } from "../corporation/corporation.entity.ts";
import { VisibleError } from "../error/index.ts";

/** Whether one of the user's characters, still theirs, directs the corporation. */
export async function maySee(userId: string, corporationId: number): Promise<boolean> {
  const { data } = await directors().query.byUser({ userId, corporationId }).go();
  for (const { characterId, roles } of data) {
    if (roles.includes("Director") && (await Owner.find(characterId))?.userId === userId) return true;
  }
  return false;
}

/**
 * Lets pass who may see a corporation's data: users with a linked director of it, and our own workers. To anyone else
 * the corporation does not exist (404), so that nobody learns who uses the product.
 */
export async function requireCorporation(corporationId: number): Promise<void> {
  const actor = Actor.use();
  if (actor.type === "system") return;
  const { userId } = Actor.assertUser();
  if (!(await maySee(userId, corporationId))) {
    throw new VisibleError("not_found", "corporation.not_found", "No such corporation.");
  }
}

/** Who administers: a person by character, or one of our own processes by name. */
export interface Admin {
  name: string;
  characterId?: number;
}

/**
 * Lets pass the administrators (users with a character that the configuration names, still theirs) and our own processes.
 * To anyone else it is an address that does not exist: nobody learns that there is something to administer.
 */
export async function requireAdmin(): Promise<Admin> {
  const actor = Actor.use();
  if (actor.type === "system") return { name: actor.name };
  if (actor.type === "user") {
    const named = await Promise.all(get().ADMIN_CHARACTER_IDS.map(Owner.find));
    const own = named.find((character) => character?.userId === actor.userId);
    if (own) return { name: own.name, characterId: own.characterId };
  }
  throw new VisibleError("not_found", "request.no_such_route", "There is nothing here.");
}
