import * as z from "zod";
import * as Config from "../config/index.ts";
import { eveClientSecret } from "../config/secret.ts";

/** The SSO's final no (RFC 6749 section 5.2): the grant is dead and asking again will not help. */
export class SsoRefusedError extends Error {
  override readonly name = "SsoRefusedError";
  readonly code: "invalid_grant" | "invalid_token";

  constructor(code: SsoRefusedError["code"]) {
    super(`EVE SSO refused the grant: ${code}`);
    this.code = code;
  }
}

/** No usable answer: 5xx, timeout, broken JSON, or our own client credentials refused. Says nothing about the grant. */
class SsoUnavailableError extends Error {
  override readonly name = "SsoUnavailableError";
}

/** Shorter than a refresh lock's life, so that a slow SSO cannot outlast the lock it is asked under. */
const timeoutMs = 10_000;

const Grant = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive(),
});

export interface Grant {
  accessToken: string;
  refreshToken: string | undefined;
  /** Epoch milliseconds on our own clock, counted from before the request: never later than the truth. */
  accessExpiresAt: number;
}

const Refusal = z.object({ error: z.enum(["invalid_grant", "invalid_token"]) });

async function post(path: string, form: Record<string, string>): Promise<Response> {
  const { SSO_BASE_URL, EVE_CLIENT_ID, CONTACT } = Config.get();
  const credentials = Buffer.from(`${EVE_CLIENT_ID}:${await eveClientSecret()}`).toString("base64");
  try {
    return await fetch(`${SSO_BASE_URL}${path}`, {
      method: "POST",
      headers: { authorization: `Basic ${credentials}`, "user-agent": `TAPI (${CONTACT})` },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw new SsoUnavailableError("EVE SSO does not answer", { cause: error });
  }
}

async function grant(form: Record<string, string>): Promise<Grant> {
  const askedAt = Date.now();
  const response = await post("/v2/oauth/token", form);
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 400) {
    const refusal = Refusal.safeParse(body);
    if (refusal.success) throw new SsoRefusedError(refusal.data.error);
  }
  const granted = Grant.safeParse(body);
  if (!response.ok || !granted.success) throw new SsoUnavailableError(`EVE SSO answered ${response.status}`);
  return {
    accessToken: granted.data.access_token,
    refreshToken: granted.data.refresh_token,
    accessExpiresAt: askedAt + granted.data.expires_in * 1000,
  };
}

/** The address that a browser is sent to. The SSO has no nonce: `state` bound to the browser and PKCE do its work. */
export function authorizeUrl(input: {
  state: string;
  challenge: string;
  scopes: string[];
  redirectUri: string;
}): string {
  const { SSO_BASE_URL, EVE_CLIENT_ID } = Config.get();
  const query = new URLSearchParams({
    response_type: "code",
    client_id: EVE_CLIENT_ID,
    redirect_uri: input.redirectUri,
    scope: input.scopes.join(" "),
    state: input.state,
    code_challenge: input.challenge,
    code_challenge_method: "S256",
  });
  return `${SSO_BASE_URL}/v2/oauth/authorize?${query}`;
}

export const exchange = (input: { code: string; verifier: string; redirectUri: string }): Promise<Grant> =>
  grant({
    grant_type: "authorization_code",
    code: input.code,
    code_verifier: input.verifier,
    redirect_uri: input.redirectUri,
  });

export const refresh = (refreshToken: string): Promise<Grant> =>
  grant({ grant_type: "refresh_token", refresh_token: refreshToken });

/** Ends a refresh token at the SSO. A token that is dead already is no error (RFC 7009 section 2.2). */
export async function revoke(refreshToken: string): Promise<void> {
  const response = await post("/v2/oauth/revoke", { token_type_hint: "refresh_token", token: refreshToken });
  if (response.status >= 500 || response.status === 401) {
    throw new SsoUnavailableError(`EVE SSO answered ${response.status} to a revocation`);
  }
}
