import { createHash } from "node:crypto";
import type { Context } from "hono";
import type { Simulation } from "../simulation.ts";
import { type AccessTokens, lifetimeSeconds } from "./access-tokens.ts";
import { isClient } from "./clients.ts";
import type { Codes } from "./codes.ts";
import type { Confidences } from "./confidences.ts";
import type { Grant, Grants } from "./grants.ts";

export interface TokenDesk {
  simulation: Simulation;
  codes: Codes;
  grants: Grants;
  accessTokens: AccessTokens;
  confidences: Confidences;
}

function refuse(c: Context, error: string, description: string, status: 400 | 401 = 400) {
  if (status === 401) c.header("WWW-Authenticate", "Basic");
  return c.json({ error, error_description: description }, status);
}

/** A form and nothing else, as CCP's SSO wants it. */
async function readForm(c: Context): Promise<Record<string, string> | undefined> {
  if (!c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded")) return undefined;
  return Object.fromEntries(new URLSearchParams(await c.req.text()));
}

const isProof = (verifier: string, challenge: string) =>
  createHash("sha256").update(verifier).digest("base64url") === challenge;

/** POST /v2/oauth/token: a code or a refresh token for a new pair of tokens. */
export async function exchange(c: Context, desk: TokenDesk) {
  const form = await readForm(c);
  if (!form) return refuse(c, "invalid_request", "The body must be application/x-www-form-urlencoded.");
  if (!isClient(c.req.header("authorization"), form)) {
    return refuse(c, "invalid_client", "Unknown client or wrong secret.", 401);
  }
  if (form.grant_type === "authorization_code") return exchangeCode(c, desk, form);
  if (form.grant_type === "refresh_token") return refresh(c, desk, form);
  return refuse(c, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token.");
}

function exchangeCode(c: Context, desk: TokenDesk, form: Record<string, string>) {
  desk.confidences.note("codeVerifiers", form.code_verifier);
  const request = desk.codes.take(form.code ?? "", desk.simulation.clock.now());
  if (!request) return refuse(c, "invalid_grant", "The code is unknown, used or expired.");
  if (form.redirect_uri !== undefined && form.redirect_uri !== request.redirectUri) {
    return refuse(c, "invalid_grant", "redirect_uri is not the one that was asked with.");
  }
  const { codeChallenge } = request;
  if (codeChallenge && !isProof(form.code_verifier ?? "", codeChallenge)) {
    return refuse(c, "invalid_grant", "code_verifier does not match the challenge.");
  }
  return answer(c, desk, request, desk.grants.issue(request));
}

function refresh(c: Context, desk: TokenDesk, form: Record<string, string>) {
  const nowMs = desk.simulation.clock.now();
  const token = form.refresh_token ?? "";
  const grant = desk.grants.find(token, nowMs);
  if (!grant) return refuse(c, "invalid_grant", "The refresh token is unknown, revoked or was replaced.");
  const wanted = form.scope?.split(" ").filter(Boolean);
  if (wanted?.some((scope) => !grant.scopes.includes(scope))) {
    return refuse(c, "invalid_scope", "A refresh cannot ask for more than was granted.");
  }
  return answer(c, desk, wanted ? { ...grant, scopes: wanted } : grant, desk.grants.rotate(token, grant, nowMs));
}

async function answer(c: Context, desk: TokenDesk, grant: Grant, refreshToken: string) {
  const { simulation, accessTokens, confidences } = desk;
  const character = simulation.world.people.get(grant.characterId);
  if (!character) return refuse(c, "invalid_grant", "The character no longer exists.");
  const issuer = new URL(c.req.url).origin;
  const accessToken = await accessTokens.issue(grant, character, issuer, simulation.clock.now());
  confidences.note("accessTokens", accessToken);
  confidences.note("refreshTokens", refreshToken);
  c.header("Cache-Control", "no-store");
  return c.json({
    access_token: accessToken,
    expires_in: lifetimeSeconds,
    token_type: "Bearer",
    refresh_token: refreshToken,
  });
}

/** POST /v2/oauth/revoke: always 200 for a known client, as RFC 7009 wants. */
export async function revoke(c: Context, { grants }: TokenDesk) {
  const form = await readForm(c);
  if (!form) return refuse(c, "invalid_request", "The body must be application/x-www-form-urlencoded.");
  if (!isClient(c.req.header("authorization"), form)) {
    return refuse(c, "invalid_client", "Unknown client or wrong secret.", 401);
  }
  grants.revoke(form.token ?? "");
  return c.body(null, 200);
}
