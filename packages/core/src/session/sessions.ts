import * as Credential from "../credential/index.ts";
import * as Db from "../db/index.ts";
import { ignoreConditionFailed } from "../error/index.ts";
import { sessionsEnded } from "../realtime/session-ended.ts";
import { SessionEntity } from "./session.entity.ts";

// Apart from index.ts because removing a user's last character ends the user's sessions, and index.ts links characters.

const dayMs = 24 * 3600_000;
const slidingMs = 7 * dayMs;
export const absoluteMs = 30 * dayMs;

/** A session is slid on at most this often: a write for each request would cost more than the request. */
const slideEveryMs = 3600_000;

const endOf = (createdAt: number, now: number) => Math.min(now + slidingMs, createdAt + absoluteMs);

/** A new session; the returned secret is the cookie, and only its hash is kept. */
export async function open(userId: string): Promise<string> {
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
  return secret;
}

async function slide(session: { sessionId: string; createdAt: number }): Promise<void> {
  const { sessionId, createdAt } = session;
  const now = Date.now();
  // A patch: a session ended at this moment must not come back.
  await SessionEntity()
    .patch({ sessionId })
    .set({ seenAt: now, expiresAt: Db.ttlAt(endOf(createdAt, now)) })
    .go()
    .catch(ignoreConditionFailed);
}

const isAlive = ({ createdAt, expiresAt }: { createdAt: number; expiresAt: number }, now: number): boolean =>
  expiresAt * 1000 > now && createdAt + absoluteMs > now;

async function read(sessionId: string) {
  const { data } = await SessionEntity().get({ sessionId }).go({ consistent: true });
  return data && isAlive(data, Date.now()) ? data : undefined;
}

/** The living session of a cookie. A consistent read: a session that was ended is refused at once. */
export async function find(secret: string): Promise<{ sessionId: string; userId: string } | undefined> {
  const session = await read(Credential.hash(secret));
  if (!session) return undefined;
  if (Date.now() - session.seenAt >= slideEveryMs) await slide(session);
  return { sessionId: session.sessionId, userId: session.userId };
}

/** Whether a session that was there a while ago still is. */
export const lives = async (sessionId: string): Promise<boolean> => (await read(sessionId)) !== undefined;

// The sockets first: should their end not get through, the session is still there and can be ended again.

export async function end(sessionId: string): Promise<void> {
  await sessionsEnded([sessionId]);
  await SessionEntity().delete({ sessionId }).go();
}

/** The sessions of a user. */
export async function idsOf(userId: string): Promise<string[]> {
  const { data } = await SessionEntity().query.byUser({ userId }).go({ pages: "all" });
  return data.map(({ sessionId }) => sessionId);
}

export async function endAll(userId: string): Promise<void> {
  const sessionIds = await idsOf(userId);
  await sessionsEnded(sessionIds);
  await SessionEntity()
    .delete(sessionIds.map((sessionId) => ({ sessionId })))
    .go();
}
