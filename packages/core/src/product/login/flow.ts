import { createHash, createHmac } from "node:crypto";
import * as Token from "../../identity/token/index.ts";
import * as Config from "../../platform/config/index.ts";
import * as Credential from "../../platform/credential/index.ts";
import * as Db from "../../platform/db/index.ts";
import { isConditionFailed, VisibleError } from "../../platform/error/index.ts";
import * as Log from "../../platform/log/index.ts";
import { LoginFlowEntity, type purposes } from "./login-flow.entity.ts";

export type Purpose = (typeof purposes)[number];

/** A person has this long at the SSO. */
export const flowSeconds = 600;

const redirectUri = () => `${Config.get().PUBLIC_URL}/api/v1/auth/callback`;

/**
 * The PKCE verifier (RFC 7636: 43 characters of base64url), derived from the state and the secret in the browser's cookie.
 * It is stored nowhere: a reader of the table cannot redeem a code, and a login costs no KMS call.
 */
const verifierOf = (browser: string, state: string): string =>
  createHmac("sha256", browser).update(`pkce:${state}`).digest("base64url");

/** The SSO's address for the browser. The SSO has no nonce: `state`, bound to the browser, and PKCE replace it. */
export function authorizeUrl({
  state,
  challenge,
  scopes,
}: {
  state: string;
  challenge: string;
  scopes: string[];
}): string {
  const { SSO_BASE_URL, EVE_CLIENT_ID } = Config.get();
  const query = new URLSearchParams({
    response_type: "code",
    client_id: EVE_CLIENT_ID,
    redirect_uri: redirectUri(),
    scope: scopes.join(" "),
    state,
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  return `${SSO_BASE_URL}/v2/oauth/authorize?${query}`;
}

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

/** A path on our own origin without its fragment, or `/`. Browsers read `//host`, `/\host` and control characters as another host. */
function ownPath(path: string): string {
  const origin = Config.get().PUBLIC_URL;
  if (!path.startsWith("/") || /[\\\p{Cc}]/u.test(path)) return "/";
  const url = URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  if (url?.origin !== new URL(origin).origin) return "/";
  // Resolving can leave a path that reads as another host: `/.//host`.
  return url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
}

/** Stores a login flow. Returns the SSO's address for the browser, the state, and the secret for the browser's cookie. */
export async function start(input: {
  purpose: Purpose;
  returnTo: string;
  scopes: string[];
  userId?: string | undefined;
  characterId?: number | undefined;
}) {
  const state = Credential.create();
  const browser = Credential.create();
  await LoginFlowEntity()
    .create({
      stateHash: Credential.hash(state),
      browserHash: Credential.hash(browser),
      purpose: input.purpose,
      returnTo: ownPath(input.returnTo),
      scopes: input.scopes,
      ...(input.characterId ? { characterId: input.characterId } : {}),
      ...(input.userId ? { userId: input.userId } : {}),
      expiresAt: Db.ttlAt(Date.now() + flowSeconds * 1000),
    })
    .go();
  const challenge = challengeOf(verifierOf(browser, state));
  return { url: authorizeUrl({ state, challenge, scopes: input.scopes }), state, browser };
}

const gone = () =>
  new VisibleError(
    "unauthorized",
    "session.login_expired",
    "This login was used already or took too long. Log in again.",
  );

/**
 * Deletes and returns a login flow, so that its state works once. Another browser's attempt is refused and leaves the flow
 * in place. Errors: `session.login_expired`, `session.login_other_browser` (401).
 */
export async function take(state: string, browser: string | undefined) {
  const stateHash = Credential.hash(state);
  const browserHash = Credential.hash(browser ?? "");
  try {
    const { data: flow } = await LoginFlowEntity()
      .remove({ stateHash })
      .where((attribute, op) => op.eq(attribute.browserHash, browserHash))
      .go({ response: "all_old" });
    if (!flow || flow.expiresAt * 1000 <= Date.now()) throw gone();
    return flow;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
  const { data: other } = await LoginFlowEntity().get({ stateHash }).go({ consistent: true });
  if (!other) throw gone();
  throw new VisibleError(
    "unauthorized",
    "session.login_other_browser",
    "This login was begun in another browser. Log in again here.",
  );
}

/**
 * Exchanges the code for a grant and verifies its access token. Errors: `session.code_refused`, `session.token_rejected`
 * (401); `session.sso_unavailable` (503).
 */
export async function redeem(input: { code: string; state: string; browser: string }) {
  try {
    const verifier = verifierOf(input.browser, input.state);
    const grant = await Token.exchange({ code: input.code, verifier, redirectUri: redirectUri() });
    return { grant, claims: await Token.validate(grant.accessToken) };
  } catch (error) {
    if (error instanceof Token.SsoRefusedError) {
      throw new VisibleError("unauthorized", "session.code_refused", "EVE SSO refused this login. Log in again.");
    }
    if (error instanceof Token.TokenRejectedError) {
      throw new VisibleError("unauthorized", "session.token_rejected", "EVE SSO's answer could not be verified.");
    }
    Log.error("a login could not be completed", { error });
    throw new VisibleError("unavailable", "session.sso_unavailable", "EVE SSO does not answer. Try again shortly.");
  }
}
