import * as Actor from "@tapi/core/actor";
import * as Config from "@tapi/core/config";
import { VisibleError } from "@tapi/core/error";
import * as Session from "@tapi/core/session";
import type { MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

/** A write has to come from our own pages: browsers put Origin on every cross-site write, and SameSite backs it up. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (!reads.has(c.req.method) && origin !== Config.get().PUBLIC_URL) {
    throw new VisibleError("forbidden", "request.wrong_origin", "This request did not come from the app's own pages.");
  }
  return next();
};

/** Sets who is asking from the session cookie. */
export const actor: MiddlewareHandler = async (c, next) => {
  const cookie = getCookie(c, Session.sessionCookie());
  const known = cookie ? await Session.resolve(cookie) : undefined;
  return Actor.provide(known ?? { type: "public" }, next);
};
