import * as Credential from "../credential/index.ts";
import * as Db from "../db/index.ts";
import { isConditionFailed } from "../error/index.ts";
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
  try {
    // A patch: a session ended at this moment must not come back.
    await SessionEntity()
      .patch({ sessionId })
      .set({ seenAt: now, expiresAt: Db.ttlAt(endOf(createdAt, now)) })
      .go();
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

/** The living session of a cookie. A consistent read: a session that was ended is refused at once. */
export async function find(secret: string): Promise<{ sessionId: string; userId: string } | undefined> {
  const { data: session } = await SessionEntity()
    .get({ sessionId: Credential.hash(secret) })
    .go({ consistent: true });
  const now = Date.now();
  if (!session || session.expiresAt * 1000 <= now || session.createdAt + absoluteMs <= now) return undefined;
  if (now - session.seenAt >= slideEveryMs) await slide(session);
  return { sessionId: session.sessionId, userId: session.userId };
}

export async function end(sessionId: string): Promise<void> {
  await SessionEntity().delete({ sessionId }).go();
}

export async function endAll(userId: string): Promise<void> {
  const { data } = await SessionEntity().query.byUser({ userId }).go({ pages: "all" });
  await SessionEntity()
    .delete(data.map(({ sessionId }) => ({ sessionId })))
    .go();
}
