import { createHash } from "node:crypto";
import type { Context, Next } from "hono";
import { etag, RETAINED_304_HEADERS } from "hono/etag";

const tag = etag({
  retainedHeaders: [...RETAINED_304_HEADERS, "x-request-id", "ratelimit", "ratelimit-policy", "x-content-type-options"],
});

/**
 * Reads the body once and tags the answer by it. Left to do it, the library clones the answer: Node 20 then cancels the
 * body of the one that is sent if garbage is collected on its way, and the caller gets a bare 500.
 */
async function tagByBody(c: Context): Promise<void> {
  if (!c.res.ok || c.res.body === null || c.res.headers.has("ETag")) return;
  const { status, headers } = c.res;
  const body = await c.res.arrayBuffer();
  const digest = createHash("sha1").update(new Uint8Array(body)).digest("hex");
  headers.set("ETag", `"${digest}"`);
  c.res = new Response(body, { status, headers });
}

/** Redirects of a login and tickets are for once; they are never kept. */
const once = /^\/api\/v1\/(auth|socket)\//;

/**
 * What somebody may read is kept nowhere, not even in their own browser: it is read on when they have logged out. A client
 * that keeps a tag itself is told when nothing has changed. Only what a route calls public may be kept: how the parts are
 * now is true for now alone.
 */
export async function cache(c: Context, next: Next): Promise<void> {
  const { method, path } = c.req;
  const isTagged = method === "GET" && path.startsWith("/api/") && !once.test(path);
  if (isTagged) await tag(c, () => next().then(() => tagByBody(c)));
  else await next();
  const isPublic = c.res.headers.has("ETag") && c.res.headers.has("Cache-Control");
  if (!isPublic) c.header("Cache-Control", "no-store");
  c.header("Vary", "Cookie", { append: true });
  c.header("X-Content-Type-Options", "nosniff");
}
