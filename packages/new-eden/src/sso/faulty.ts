import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createMiddleware } from "hono/factory";
import { spoil } from "../esi/spoil.ts";
import type { Faults } from "../fault/index.ts";
import type { Stats } from "../stats.ts";

const operations: Record<string, string> = {
  "/.well-known/oauth-authorization-server": "SsoMetadata",
  "/oauth/jwks": "SsoJwks",
  "/v2/oauth/authorize": "SsoAuthorize",
  "/v2/oauth/token": "SsoToken",
  "/v2/oauth/revoke": "SsoRevoke",
};

/** Counts what the login server is asked, and lets it fail as the control API wants. */
export const ssoFaults = (faults: Faults, stats: Stats) =>
  createMiddleware<{ Bindings: HttpBindings }>(async (c, next) => {
    const operationId = operations[c.req.path];
    if (!operationId) return next();
    const striking = faults.strike({ operationId, path: c.req.path });
    const refusal = striking.find(({ kind }) => kind === "status" || kind === "rate_limited");
    if (refusal) {
      const status = refusal.kind === "status" ? refusal.status : 429;
      stats.count(operationId, status, true);
      if (status === 429 && refusal.headers) c.header("Retry-After", String(refusal.retryAfterSeconds));
      const { error } = refusal;
      return c.json({ error, error_description: "Injected by the control API." }, status as 500);
    }
    await next();
    if (striking.length === 0) {
      stats.count(operationId, c.res.status, false);
      return;
    }
    const message = {
      status: c.res.status,
      headers: Object.fromEntries(c.res.headers),
      bytes: Buffer.from(await c.res.arrayBuffer()),
    };
    const outcome = await spoil(c.env, message, striking);
    stats.count(operationId, outcome === "whole" ? message.status : outcome, false);
    return RESPONSE_ALREADY_SENT;
  });
