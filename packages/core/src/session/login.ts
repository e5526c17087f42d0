import { createHash, createHmac } from "node:crypto";
import * as Actor from "../actor/index.ts";
import * as Character from "../character/index.ts";
import * as Config from "../config/index.ts";
import * as Credential from "../credential/index.ts";
import * as Db from "../db/index.ts";
import { isConditionFailed, VisibleError } from "../error/index.ts";
import * as Log from "../log/index.ts";
import * as Token from "../token/index.ts";
import * as Sso from "../token/sso.ts";
import { LoginFlowEntity, type purposes } from "./login-flow.entity.ts";

export type Purpose = (typeof purposes)[number];

/** How long a person may take at the SSO. */
export const flowSeconds = 600;

const redirectUri = () => `${Config.get().PUBLIC_URL}/api/v1/auth/callback`;

/**
 * The PKCE verifier (RFC 7636: 43 characters of base64url) is derived from the secret in the browser's cookie and the
 * state, so that it is stored nowhere: who reads the table cannot redeem a code, and beginning a login costs no KMS call.
 */
const verifierOf = (browser: string, state: string): string =>
  createHmac("sha256", browser).update(`pkce:${state}`).digest("base64url");

const challengeOf = (verifier: string): string => createHash("sha256").update(verifier).digest("base64url");

/** A path on our own origin without its fragment, or `/`. Browsers read `//host`, `/\host` and stray control characters as other hosts. */
function ownPath(path: string): string {
  const origin = Config.get().PUBLIC_URL;
  if (!path.startsWith("/") || /[\\\p{Cc}]/u.test(path)) return "/";
  const url = URL.canParse(path, origin) ? new URL(path, origin) : undefined;
  if (url?.origin !== new URL(origin).origin) return "/";
  // Resolving may leave a path that reads as another host itself: `/.//host`.
  return url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
}

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
  return {
    url: Sso.authorizeUrl({ state, challenge, scopes: input.scopes, redirectUri: redirectUri() }),
    state,
    browser,
  };
}

const gone = () =>
  new VisibleError(
    "unauthorized",
    "session.login_expired",
    "This login was used already or took too long. Log in again.",
  );

/** Takes the flow out, so that its state works once. Another browser's attempt is refused and leaves it in place. */
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

/** Trades the code and checks whom the SSO vouches for. */
export async function redeem(input: { code: string; state: string; browser: string }) {
  try {
    const verifier = verifierOf(input.browser, input.state);
    const grant = await Sso.exchange({ code: input.code, verifier, redirectUri: redirectUri() });
    return { grant, claims: await Token.validate(grant.accessToken) };
  } catch (error) {
    if (error instanceof Sso.SsoRefusedError) {
      throw new VisibleError("unauthorized", "session.code_refused", "EVE SSO refused this login. Log in again.");
    }
    if (error instanceof Token.TokenRejectedError) {
      throw new VisibleError("unauthorized", "session.token_rejected", "EVE SSO's answer could not be verified.");
    }
    Log.error("a login could not be completed", { error });
    throw new VisibleError("unavailable", "session.sso_unavailable", "EVE SSO does not answer. Try again shortly.");
  }
}

/** Who the login is for: the character's user, or the user who asked to link it. */
export const settle = (
  { grant, claims }: Awaited<ReturnType<typeof redeem>>,
  flow: { purpose: Purpose; userId?: string | undefined; scopes: string[] },
): Promise<string> =>
  Actor.provide({ type: "system", name: "login" }, async () => {
    const { scopes, ...pilot } = claims;
    const userId = flow.userId ?? (await Character.enter(pilot));
    if (flow.userId) await Character.link({ ...pilot, userId });
    const { accessToken, refreshToken, accessExpiresAt } = grant;
    const { characterId, ownerHash } = claims;
    const store = async () => {
      if (!refreshToken) return;
      const token = { characterId, ownerHash, scopes, asked: flow.scopes, accessToken, refreshToken, accessExpiresAt };
      // Adding a corporation asks for everything the product can use: only that may replace a token that can do more.
      await Token.store({ ...token, keepWider: flow.purpose !== "corporation" });
    };
    await Promise.all([store(), Character.refreshAffiliation({ characterId })]);
    return userId;
  });
