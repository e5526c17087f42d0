import * as Actor from "../actor/index.ts";
import * as Owner from "../character/owner.ts";
import { get } from "../config/index.ts";
import { directors } from "../corporation/corporation.entity.ts";
import { VisibleError } from "../error/index.ts";

interface Seat {
  characterId: number;
  corporationId: number;
  userId: string;
  roles: string[];
}

/** The seats that give sight of their corporation: Director in the game, and the character still its user's. */
async function giveSight<S extends Seat>(seats: readonly S[]): Promise<S[]> {
  const directing = seats.filter(({ roles }) => roles.includes("Director"));
  const owners = await Promise.all(directing.map(({ characterId }) => Owner.find(characterId)));
  return directing.filter(({ userId }, index) => owners[index]?.userId === userId);
}

/**
 * Whether one of the user's characters, still theirs, directs the corporation. A consistent read: a director who was just
 * added sees it, one who was taken out does not.
 */
export async function maySee(userId: string, corporationId: number): Promise<boolean> {
  const { data } = await directors().query.byCorporation({ corporationId }).go({ pages: "all", consistent: true });
  return (await giveSight(data.filter((seat) => seat.userId === userId))).length > 0;
}

/** The corporations that a user may see. */
export async function visible(userId: string): Promise<number[]> {
  const { data } = await directors().query.byUser({ userId }).go({ pages: "all" });
  return [...new Set((await giveSight(data)).map(({ corporationId }) => corporationId))];
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
