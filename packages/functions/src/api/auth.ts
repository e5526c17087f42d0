import * as Session from "@tapi/core/identity/session";
import * as Actor from "@tapi/core/platform/actor";
import * as Config from "@tapi/core/platform/config";
import { VisibleError } from "@tapi/core/platform/error";
import type { MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";

const reads = new Set(["GET", "HEAD", "OPTIONS"]);

/** Allows writes from our own pages only. Browsers send Origin with every cross-site write; SameSite adds to it. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  const origin = c.req.header("origin");
  if (!reads.has(c.req.method) && origin !== Config.get().PUBLIC_URL) {
    throw new VisibleError("forbidden", "request.wrong_origin", "This request did not come from the app's own pages.");
  }
  return next();
};

/** Sets the actor from the session cookie. */
export const actor: MiddlewareHandler = async (c, next) => {
  const cookie = getCookie(c, Session.sessionCookie());
  const known = cookie ? await Session.resolve(cookie) : undefined;
  return Actor.provide(known ?? { type: "public" }, next);
};
