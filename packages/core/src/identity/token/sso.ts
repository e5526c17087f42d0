import * as z from "zod";
import * as Config from "../../platform/config/index.ts";

/** No usable answer: 5xx, timeout, broken JSON, or our own client credentials refused. Says nothing about the grant. */
export class SsoUnavailableError extends Error {
  override readonly name = "SsoUnavailableError";
}

/** Until the end of the body. Shorter than the life of the refresh lock, so that a slow SSO cannot outlast it. */
const timeoutMs = 10_000;

/** Many times the size of tokens with all scopes. */
const mostBytes = 128 * 1024;

interface SsoAnswer {
  status: number;
  /** The body was empty. */
  isEmpty: boolean;
  /** The body's JSON; undefined if it is not JSON. */
  body: unknown;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new SsoUnavailableError("EVE SSO's answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Sends a form with the application's secret. Redirects are not followed: that would hand the secret and the refresh token
 * to another host. Throws SsoUnavailableError unless the whole answer arrived.
 */
async function post(path: string, form: Record<string, string>): Promise<SsoAnswer> {
  const { SSO_BASE_URL, EVE_CLIENT_ID } = Config.get();
  const credentials = Buffer.from(`${EVE_CLIENT_ID}:${await Config.eveClientSecret()}`).toString("base64");
  const attempt = new AbortController();
  const timer = setTimeout(() => attempt.abort(), timeoutMs);
  try {
    const response = await fetch(`${SSO_BASE_URL}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: {
        accept: "application/json",
        authorization: `Basic ${credentials}`,
        "user-agent": Config.userAgent(),
      },
      body: new URLSearchParams(form),
      signal: attempt.signal,
    });
    const text = await textOf(response);
    return { status: response.status, isEmpty: text.trim() === "", body: jsonOf(text) };
  } catch (error) {
    if (error instanceof SsoUnavailableError) throw error;
    throw new SsoUnavailableError("EVE SSO does not answer", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The SSO's final refusal (RFC 6749 section 5.2): the grant is dead and another try does not help. */
export class SsoRefusedError extends Error {
  override readonly name = "SsoRefusedError";
  readonly code: "invalid_grant" | "invalid_token";

  constructor(code: SsoRefusedError["code"]) {
    super(`EVE SSO refused the grant: ${code}`);
    this.code = code;
  }
}

/** The lifetime of an access token if the answer names none: half the lifetime of EVE's tokens. */
const unknownSeconds = 600;
/** EVE's access tokens live for twenty minutes; a longer lifetime in an answer is not believed. */
const longestSeconds = 3600;

/** A bad lifetime must not cost the refresh token in the same answer, which can be the only good one. */
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
  /** Epoch milliseconds on our own clock, counted from before the request: never later than the real end. */
  accessExpiresAt: number;
}

const Refusal = z.object({ error: z.enum(["invalid_grant", "invalid_token"]) });

/** Why the grant is dead, if the answer says so in the form of RFC 6749; otherwise undefined. */
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
 * Revokes a refresh token at the SSO. A token that is already dead is no error (RFC 7009 section 2.2). Throws
 * SsoUnavailableError for any other answer: the token can still be valid.
 */
export async function revoke(refreshToken: string): Promise<void> {
  const answer = await post("/v2/oauth/revoke", { token_type_hint: "refresh_token", token: refreshToken });
  const isDone =
    (answer.status === 200 || answer.status === 204) && (answer.isEmpty || Silence.safeParse(answer.body).success);
  if (isDone || refusalIn(answer)) return;
  throw new SsoUnavailableError(`EVE SSO answered ${answer.status} to a revocation`);
}
