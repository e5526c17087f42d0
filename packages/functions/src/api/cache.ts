import type { Context, Next } from "hono";
import { etag, RETAINED_304_HEADERS } from "hono/etag";

const tag = etag({
  retainedHeaders: [...RETAINED_304_HEADERS, "x-request-id", "ratelimit", "ratelimit-policy", "x-content-type-options"],
});

/** Redirects of a login and tickets are for once; they are never kept. */
const once = /^\/api\/v1\/(auth|socket)\//;

/**
 * What somebody may read is kept nowhere, not even in their own browser: it is read on when they have logged out. A client
 * that keeps a tag itself is told when nothing has changed. Only what a route calls public may be kept: how the parts are
 * now is true for now alone.
 */
export async function cache(c: Context, next: Next): Promise<void> {
  const { method, path } = c.req;
  if (method === "GET" && path.startsWith("/api/") && !once.test(path)) await tag(c, next);
  else await next();
  const isPublic = c.res.headers.has("ETag") && c.res.headers.has("Cache-Control");
  if (!isPublic) c.header("Cache-Control", "no-store");
  c.header("Vary", "Cookie", { append: true });
  c.header("X-Content-Type-Options", "nosniff");
}
