import * as Actor from "@tapi/core/actor";
import { VisibleError } from "@tapi/core/error";
import * as Limit from "@tapi/core/limit";
import type { MiddlewareHandler } from "hono";

/** Far more than the app asks for, far less than a script that went wild. Addresses are limited by the firewall. */
const perSession: Limit.Policy = { name: "session", quota: 600, windowSeconds: 60 };

/** Limits each session and says where it stands: draft-ietf-httpapi-ratelimit-headers. */
export const limit: MiddlewareHandler = async (c, next) => {
  const actor = Actor.use();
  if (actor.type !== "user") return next();
  const { allowed, remaining, resetSeconds } = await Limit.take(perSession, actor.sessionId);
  const { name, quota, windowSeconds } = perSession;
  c.header("RateLimit-Policy", `"${name}";q=${quota};w=${windowSeconds}`);
  c.header("RateLimit", `"${name}";r=${remaining};t=${resetSeconds}`);
  if (allowed) return next();
  c.header("Retry-After", String(resetSeconds));
  throw new VisibleError("rate_limited", "limit.exceeded", `Too many requests. Try again in ${resetSeconds} s.`);
};
