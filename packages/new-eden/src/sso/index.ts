import { Hono } from "hono";
import { authorize, showAuthorize } from "./authorize.ts";
import type { Keys } from "./keys.ts";
import { exchange, revoke, type TokenDesk } from "./token.ts";

/** EVE's single sign-on, version 2. */
export function ssoRoutes(desk: TokenDesk, keys: Keys): Hono {
  return new Hono()
    .get("/.well-known/oauth-authorization-server", (c) => {
      const { origin } = new URL(c.req.url);
      return c.json({
        issuer: origin,
        authorization_endpoint: `${origin}/v2/oauth/authorize`,
        token_endpoint: `${origin}/v2/oauth/token`,
        response_types_supported: ["code"],
        jwks_uri: `${origin}/oauth/jwks`,
        revocation_endpoint: `${origin}/v2/oauth/revoke`,
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        code_challenge_methods_supported: ["S256"],
      });
    })
    .get("/oauth/jwks", (c) => {
      c.header("Cache-Control", "public, max-age=3600");
      return c.json({ ...keys.jwks, SkipUnresolvedJsonWebKeys: true });
    })
    .get("/v2/oauth/authorize", (c) => showAuthorize(c, desk.simulation))
    .post("/v2/oauth/authorize", (c) => authorize(c, desk))
    .post("/v2/oauth/token", (c) => exchange(c, desk))
    .post("/v2/oauth/revoke", (c) => revoke(c, desk));
}
