import * as Actor from "../actor/index.ts";
import { corporations, directors } from "../corporation/corporation.entity.ts";
import { VisibleError } from "../error/index.ts";
import { findAdmin } from "./admin.ts";
import * as Director from "./director.ts";

export { type Admin, findAdmin, requireAdmin } from "./admin.ts";

/** The directors of a corporation, whether they see it or not. A consistent read. */
export const directorsOf = async (corporationId: number): Promise<Director.Seat[]> => {
  const { data } = await directors().query.byCorporation({ corporationId }).go({ pages: "all", consistent: true });
  return data;
};

/**
 * Whether one of the user's characters, still theirs, directs the corporation. A consistent read: a director who was just
 * added sees it, one who was taken out does not.
 */
export async function maySee(userId: string, corporationId: number): Promise<boolean> {
  const own = (await directorsOf(corporationId)).filter((seat) => seat.userId === userId);
  return (await Director.withSight(own)).length > 0;
}

/** Those of some corporations that a user may see: one read for all, which may lag behind by a moment. */
export async function seenAmong(userId: string, corporationIds: readonly number[]): Promise<Set<number>> {
  const wanted = new Set(corporationIds);
  const { data } = await directors().query.byUser({ userId }).go({ pages: "all" });
  const seeing = await Director.withSight(data.filter(({ corporationId }) => wanted.has(corporationId)));
  return new Set(seeing.map(({ corporationId }) => corporationId));
}

/** The corporations that a user may see. */
export async function visible(userId: string): Promise<number[]> {
  const { data } = await directors().query.byUser({ userId }).go({ pages: "all" });
  const seeing = [...(await Director.withSight(data)), ...(await Director.regainSight(data))];
  return [...new Set(seeing.map(({ corporationId }) => corporationId))];
}

/** Those of some directors who see their corporation now. */
export const seeing = Director.withSight;

const noSuchCorporation = () => new VisibleError("not_found", "corporation.not_found", "No such corporation.");

/** The data of a corporation that no director sees any more are the administrators' to export and delete. */
async function isLeftToAdmins(corporationId: number, all: readonly Director.Seat[]): Promise<boolean> {
  if ((await findAdmin()) === undefined || (await Director.withSight(all)).length > 0) return false;
  const { data } = await corporations().get({ corporationId }).go();
  return data !== null;
}

/**
 * Lets pass who may see a corporation's data: users with a linked director of it, administrators once no director is left,
 * and our own workers. To anyone else the corporation does not exist (404), so that nobody learns who uses the product.
 */
export async function requireCorporation(corporationId: number): Promise<void> {
  const actor = Actor.use();
  if (actor.type === "system") return;
  const { userId } = Actor.assertUser();
  const all = await directorsOf(corporationId);
  const own = all.filter((seat) => seat.userId === userId);
  if ((await Director.withSight(own)).length > 0) return;
  if ((await Director.regainSight(own)).length > 0) return;
  if (await isLeftToAdmins(corporationId, all)) return;
  throw noSuchCorporation();
}

/**
 * Lets pass who may destroy what is kept of a corporation: a user of whom EVE says at this moment that they direct it, and
 * administrators once no director is left. Errors: `director.not_confirmed` (403); 503 while EVE does not answer.
 */
export async function requireDirectorNow(corporationId: number): Promise<"director" | "admin"> {
  const { userId } = Actor.assertUser();
  await requireCorporation(corporationId);
  const own = (await directorsOf(corporationId)).filter((seat) => seat.userId === userId);
  const seeing = await Director.withSight(own);
  // Without a director of their own they passed as administrators.
  if (seeing.length === 0) return "admin";
  await Director.requireConfirmed(seeing);
  return "director";
}
