import * as Session from "@tapi/core/identity/session";
import * as Actor from "@tapi/core/platform/actor";
import * as Credential from "@tapi/core/platform/credential";
import { VisibleError } from "@tapi/core/platform/error";
import * as Limit from "@tapi/core/platform/limit";
import { Bounded } from "@tapi/core/platform/lru";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { clientNetwork } from "./client.ts";

/** Far more than the app asks for, far less than a script that went wild; a new session gives no new allowance. */
const perUser: Limit.Policy = { name: "user", quota: 600, windowSeconds: 60 };
/** Who is not logged in needs a handful; a whole corporation may log in from one address after the downtime. */
const perAddress: Limit.Policy = { name: "address", quota: 300, windowSeconds: 60 };

/**
 * Sessions that this process has lately found alive, by their cookie's hash, and whose they are: it says whom a request
 * counts for before anything is read, and nothing else. Whether a session lives is read with each request.
 */
const users = new Bounded<string, string>(10_000);

const cookieHashOf = (c: Context): string | undefined => {
  const cookie = getCookie(c, Session.sessionCookie());
  return cookie === undefined ? undefined : Credential.hash(cookie);
};

/** Counts a request and says where its subject stands: draft-ietf-httpapi-ratelimit-headers. */
async function count(c: Context, policy: Limit.Policy, subject: string): Promise<void> {
  const { allowed, remaining, resetSeconds } = await Limit.take(policy, subject);
  const { name, quota, windowSeconds } = policy;
  c.header("RateLimit-Policy", `"${name}";q=${quota};w=${windowSeconds}`);
  c.header("RateLimit", `"${name}";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  c.header("Retry-After", String(resetSeconds));
  throw new VisibleError("rate_limited", "limit.exceeded", `Too many requests. Try again in ${resetSeconds} s.`);
}

/**
 * Before anything is read: counts for the user whose session this process knows, else for the address, so that invented
 * cookies are counted, too, and a refusal costs no call.
 */
export const limit: MiddlewareHandler = async (c, next) => {
  const cookieHash = cookieHashOf(c);
  const userId = cookieHash && users.get(cookieHash);
  if (userId) await count(c, perUser, userId);
  else await count(c, perAddress, clientNetwork(c));
  return next();
};

/** Once the session has been read: one that this process did not know counts for its user from here on. */
export const limitUser: MiddlewareHandler = async (c, next) => {
  const actor = Actor.use();
  const cookieHash = cookieHashOf(c);
  if (cookieHash && actor.type !== "user") users.delete(cookieHash);
  if (cookieHash && actor.type === "user" && users.peek(cookieHash) === undefined) {
    users.set(cookieHash, actor.userId);
    await count(c, perUser, actor.userId);
  }
  return next();
};
