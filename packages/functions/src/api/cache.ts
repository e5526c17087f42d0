import type { Context, Next } from "hono";
import { etag, RETAINED_304_HEADERS } from "hono/etag";

const tag = etag({
  retainedHeaders: [...RETAINED_304_HEADERS, "x-request-id", "ratelimit", "ratelimit-policy", "x-content-type-options"],
});

/** Redirects of a login and tickets are for once; they are never kept. */
const once = /^\/api\/v1\/(auth|socket)\//;

/**
 * What somebody read stays with their own browser and is asked for again each time; unchanged, it costs them no bytes.
 * Whatever is not a successful read is not kept at all.
 */
export async function cache(c: Context, next: Next): Promise<void> {
  if (c.req.method === "GET" && !once.test(c.req.path)) await tag(c, next);
  else await next();
  const isRead = c.res.headers.has("ETag");
  if (isRead && !c.res.headers.has("Cache-Control")) c.header("Cache-Control", "private, no-cache");
  if (!isRead) c.header("Cache-Control", "no-store");
  c.header("Vary", "Cookie", { append: true });
  c.header("X-Content-Type-Options", "nosniff");
}
