import * as z from "zod";
import * as Config from "../config/index.ts";
import { post, type SsoAnswer, SsoUnavailableError } from "./sso-wire.ts";

/** The SSO's final no (RFC 6749 section 5.2): the grant is dead and asking again will not help. */
export class SsoRefusedError extends Error {
  override readonly name = "SsoRefusedError";
  readonly code: "invalid_grant" | "invalid_token";

  constructor(code: SsoRefusedError["code"]) {
    super(`EVE SSO refused the grant: ${code}`);
    this.code = code;
  }
}

/** For an answer that does not say how long its access token holds: half of the time that EVE's do. */
const unknownSeconds = 600;
/** EVE's access tokens hold for twenty minutes: one that is said to hold for a year would be believed for a year. */
const longestSeconds = 3600;

/** A figure that is none must not cost the refresh token beside it, which may be the only good one. */
const Lifetime = z
  .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
  .refine((seconds) => seconds > 0)
  .transform((seconds) => Math.min(seconds, longestSeconds))
  .catch(unknownSeconds);

const Granted = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .nullish(),
  expires_in: Lifetime,
});

export interface Grant {
  accessToken: string;
  refreshToken: string | undefined;
  /** Epoch milliseconds on our own clock, counted from before the request: never later than the truth. */
  accessExpiresAt: number;
}

const Refusal = z.object({ error: z.enum(["invalid_grant", "invalid_token"]) });

/** Why the grant is dead, if that is what the answer says in the very form that RFC 6749 gives it. */
function refusalIn({ status, body }: SsoAnswer): SsoRefusedError["code"] | undefined {
  return status === 400 ? Refusal.safeParse(body).data?.error : undefined;
}

async function grant(form: Record<string, string>): Promise<Grant> {
  const askedAt = Date.now();
  const answer = await post("/v2/oauth/token", form);
  const refusal = refusalIn(answer);
  if (refusal) throw new SsoRefusedError(refusal);
  const granted = answer.status === 200 ? Granted.safeParse(answer.body).data : undefined;
  if (!granted) throw new SsoUnavailableError(`EVE SSO answered ${answer.status}`);
  return {
    accessToken: granted.access_token,
    refreshToken: granted.refresh_token ?? undefined,
    accessExpiresAt: askedAt + granted.expires_in * 1000,
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

const Silence = z.object({ error: z.undefined().optional() });

/**
 * Ends a refresh token at the SSO. A token that is dead already is no error (RFC 7009 section 2.2); anything but the
 * SSO's own word for it means that the token may live on.
 */
export async function revoke(refreshToken: string): Promise<void> {
  const answer = await post("/v2/oauth/revoke", { token_type_hint: "refresh_token", token: refreshToken });
  const isDone =
    (answer.status === 200 || answer.status === 204) && (answer.isEmpty || Silence.safeParse(answer.body).success);
  if (isDone || refusalIn(answer)) return;
  throw new SsoUnavailableError(`EVE SSO answered ${answer.status} to a revocation`);
}
