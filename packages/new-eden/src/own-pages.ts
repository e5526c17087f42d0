import { createMiddleware } from "hono/factory";

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Answers programs and its own pages. A page of another site, or a foreign name for this machine, gets nothing. */
export const ownPagesOnly = createMiddleware(async (c, next) => {
  const host = c.req.header("host") ?? "";
  const origin = c.req.header("origin");
  const isForeign = c.req.header("sec-fetch-site") === "cross-site" && c.req.header("sec-fetch-mode") !== "navigate";
  if (!loopback.test(host) || isForeign || (origin !== undefined && origin !== `http://${host}`)) {
    return c.json({ error: "Pages of other sites are not answered." }, 403);
  }
  return next();
});
