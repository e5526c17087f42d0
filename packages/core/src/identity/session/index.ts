import * as z from "zod";
import * as Actor from "../../platform/actor/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Credential from "../../platform/credential/index.ts";
import * as Db from "../../platform/db/index.ts";
import { ignoreConditionFailed } from "../../platform/error/index.ts";
import * as Push from "../../push/index.ts";
import * as Character from "../character/index.ts";
import * as User from "../user/index.ts";
import * as Cookie from "./cookie.ts";
import { SessionEntity } from "./session.entity.ts";

export * as Cookie from "./cookie.ts";

/** The name of the session cookie. */
export const sessionCookie = (): string => Cookie.session.name();

const dayMs = 24 * 3600_000;
const slidingMs = 7 * dayMs;
/** A session ends this long after it was created, however much it is used. */
const absoluteMs = 30 * dayMs;

/** A session's end is moved at most this often: a write for each request would cost more than the request. */
const slideEveryMs = 3600_000;

const endOf = (createdAt: number, now: number) => Math.min(now + slidingMs, createdAt + absoluteMs);

/** Creates a session; returns the Set-Cookie header. The cookie's value is a secret of which only the hash is stored. */
export async function createSession(userId: string): Promise<string> {
  // Public: product/login has checked whom the SSO confirmed.
  const secret = Credential.create();
  const now = Date.now();
  await SessionEntity()
    .create({
      sessionId: Credential.hash(secret),
      userId,
      createdAt: now,
      seenAt: now,
      expiresAt: Db.ttlAt(endOf(now, now)),
    })
    .go();
  return Cookie.session.set(secret, absoluteMs / 1000);
}

async function slide(session: { sessionId: string; createdAt: number }): Promise<void> {
  const { sessionId, createdAt } = session;
  const now = Date.now();
  // A patch: a session that ends at this moment must not be created again.
  await SessionEntity()
    .patch({ sessionId })
    .set({ seenAt: now, expiresAt: Db.ttlAt(endOf(createdAt, now)) })
    .go()
    .catch(ignoreConditionFailed);
}

/** A consistent read: a session that was ended is refused at once. */
async function read(sessionId: string) {
  const { data } = await SessionEntity().get({ sessionId }).go({ consistent: true });
  const now = Date.now();
  return data && data.expiresAt * 1000 > now && data.createdAt + absoluteMs > now ? data : undefined;
}

/** The user whom a session cookie stands for; undefined for an unknown, ended or expired one. */
export async function resolve(cookie: string): Promise<Extract<Actor.Actor, { type: "user" }> | undefined> {
  // Public: the cookie is the credential.
  const session = await read(Credential.hash(cookie));
  if (!session) return undefined;
  if (Date.now() - session.seenAt >= slideEveryMs) await slide(session);
  return { type: "user", sessionId: session.sessionId, userId: session.userId };
}

/** Whether a session has not ended yet. */
export const isAlive = async (sessionId: string): Promise<boolean> => (await read(sessionId)) !== undefined;

/** The ids of a user's sessions. */
export async function sessionIdsOf(userId: string): Promise<string[]> {
  const { data } = await SessionEntity().query.byUser({ userId }).go({ pages: "all" });
  return data.map(({ sessionId }) => sessionId);
}

// The sockets first: if closing them fails, the session still exists and can be ended again.

/** Ends a session and closes its sockets. */
// For callers that end the asking session, or replace it.
export async function endSession(sessionId: string): Promise<void> {
  await Push.closeSockets([sessionId]);
  await SessionEntity().delete({ sessionId }).go();
}

/** Ends all sessions of a user and closes their sockets. */
// For callers that act for the user, or have deleted the user.
export async function endAllSessions(userId: string): Promise<void> {
  const sessionIds = await sessionIdsOf(userId);
  await Push.closeSockets(sessionIds);
  await SessionEntity()
    .delete(sessionIds.map((sessionId) => ({ sessionId })))
    .go();
}

export const Info = z.object({
  userId: z.string(),
  main: Character.Pilot,
  admin: z.boolean(),
});
export type Info = z.infer<typeof Info>;

/** The asking user as the app shows them; undefined if nobody is logged in. */
export async function info(): Promise<Info | undefined> {
  // Public: it describes the asking user only.
  const actor = Actor.use();
  if (actor.type !== "user") return undefined;
  const [user, pilots] = await Promise.all([User.current(), Character.pilots()]);
  const main = pilots.find(({ characterId }) => characterId === user.mainCharacterId);
  if (!main) return undefined;
  const { ADMIN_CHARACTER_IDS } = Config.get();
  const admin = pilots.some(({ characterId }) => ADMIN_CHARACTER_IDS.includes(characterId));
  return Info.parse({ userId: actor.userId, main, admin });
}
