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

const isJson = /^application\/json(;|$)/i;

/**
 * A write to the control API says that it is JSON: no form can, and a script of another site would have to ask first, which
 * is refused. Methods other than POST it would have to ask for as well.
 */
export const noForms = createMiddleware(async (c, next) => {
  if (c.req.method === "POST" && !isJson.test(c.req.header("content-type") ?? "")) {
    return c.json({ error: "Send `content-type: application/json`." }, 415);
  }
  return next();
});
