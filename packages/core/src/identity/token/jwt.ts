import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from "jose";
import * as z from "zod";
import * as Config from "../../platform/config/index.ts";
import { TokenRejectedError } from "./error.ts";

/** The verified claims of an access token. */
export interface Claims {
  characterId: number;
  name: string;
  ownerHash: string;
  scopes: string[];
}

/** The only algorithms the SSO signs with; `none` and HMAC (which would take the public key for a secret) are not. */
const algorithms = ["RS256", "ES256"];

const ccp = "login.eveonline.com";

/** CCP's issuer has three spellings. */
const ccpIssuers = [ccp, `https://${ccp}`, `https://${ccp}/`];

/**
 * Another SSO uses its own address as the issuer, or CCP's. That is as safe: a token is accepted by its signature, and the
 * keys come from the configured SSO alone.
 */
function issuers(base: string): string[] {
  if (new URL(base).hostname === ccp) return ccpIssuers;
  const bare = base.replace(/^https?:\/\//, "");
  return [base, `${base}/`, bare, `${bare}/`, ...ccpIssuers];
}

const Body = z.object({
  // Up to fifteen digits: above 2^53 two ids would become the same number.
  sub: z.string().regex(/^CHARACTER:EVE:[1-9]\d{0,14}$/),
  name: z.string().min(1),
  owner: z.string().min(1),
  scp: z.union([z.string(), z.array(z.string())]).optional(),
});

/** A key that the SSO has withdrawn is accepted no longer than this. */
const maxKeyAgeMs = 5 * 60_000;
/** An unknown kid makes us fetch the keys again, at most this often in a minute, because kids can be invented. */
const fetchesAMinute = 4;

let keys: { url: string; set: RemoteJWKSet } | undefined;
let fetches: number[] = [];

/** The SSO's keys. They are fetched every few minutes, and again for an unknown kid. */
function keySet(base: string): RemoteJWKSet {
  const url = `${base}/oauth/jwks`;
  if (keys?.url !== url) {
    const options = { cooldownDuration: Number.POSITIVE_INFINITY, cacheMaxAge: maxKeyAgeMs, timeoutDuration: 5_000 };
    keys = { url, set: createRemoteJWKSet(new URL(url), options) };
    fetches = [];
  }
  return keys.set;
}

let renewing: Promise<void> | undefined;

/** Fetches the keys again, unless it was done a second ago or too often. Concurrent callers share one fetch. */
async function renewKeys(set: RemoteJWKSet): Promise<void> {
  if (renewing) return renewing;
  const now = Date.now();
  fetches = fetches.filter((at) => Math.abs(now - at) < 60_000);
  const last = fetches.at(-1) ?? 0;
  if (fetches.length >= fetchesAMinute || Math.abs(now - last) < 1000) return;
  fetches.push(now);
  renewing = set.reload().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** Verifies with the known keys; for an unknown kid the keys are fetched again, since it can be a new one. */
async function withKeys<T>(base: string, verifyWith: (set: RemoteJWKSet) => Promise<T>): Promise<T> {
  const set = keySet(base);
  try {
    return await verifyWith(set);
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    await renewKeys(set);
    return verifyWith(set);
  }
}

/** The check that failed, by the claim and by the kind of the library's error. */
const checkOfClaim: Readonly<Record<string, TokenRejectedError["code"]>> = {
  iss: "issuer",
  aud: "audience",
  sub: "subject",
};
const checkOfError: readonly (readonly [new (...args: never[]) => Error, TokenRejectedError["code"]])[] = [
  [errors.JWTExpired, "expired"],
  [errors.JWTClaimValidationFailed, "claims"],
  [errors.JWKSNoMatchingKey, "key"],
  [errors.JOSEAlgNotAllowed, "algorithm"],
  [errors.JOSENotSupported, "algorithm"],
  [errors.JWSSignatureVerificationFailed, "signature"],
  [errors.JWTInvalid, "claims"],
  [errors.JWSInvalid, "claims"],
];

/** Turns the library's error into the check that failed. Other errors (no keys) are not the token's and stay. */
function translate(error: unknown): unknown {
  const claim = error instanceof errors.JWTClaimValidationFailed ? checkOfClaim[error.claim] : undefined;
  const code = claim ?? checkOfError.find(([kind]) => error instanceof kind)?.[1];
  return code ? new TokenRejectedError(code, error) : error;
}

async function verify(jwt: string): Promise<JWTPayload> {
  const { SSO_BASE_URL, EVE_CLIENT_ID } = Config.get();
  try {
    // Without a kid the library would accept any key that fits; the SSO always names its key.
    if (!decodeProtectedHeader(jwt).kid) throw new TokenRejectedError("key");
  } catch (error) {
    throw error instanceof TokenRejectedError ? error : new TokenRejectedError("claims", error);
  }
  try {
    return await withKeys(SSO_BASE_URL, async (set) => {
      const { payload } = await jwtVerify(jwt, set, {
        algorithms,
        issuer: issuers(SSO_BASE_URL),
        audience: EVE_CLIENT_ID,
        requiredClaims: ["exp", "iat", "sub", "owner", "name", "azp"],
        clockTolerance: 30,
      });
      return payload;
    });
  } catch (error) {
    throw translate(error);
  }
}

/**
 * Verifies an access token as CCP's documentation asks: signature by kid and algorithm, issuer, audience (the client id AND `EVE Online`),
 * expiry, subject, owner. Throws TokenRejectedError; any other error means that the SSO's keys could not be fetched.
 */
export async function validate(jwt: string): Promise<Claims> {
  const payload = await verify(jwt);
  if (![payload.aud].flat().includes("EVE Online")) throw new TokenRejectedError("audience");
  // The application it was issued to (OpenID Connect Core 3.1.3.7): another one's token can have ours in its audience.
  if (payload.azp !== Config.get().EVE_CLIENT_ID) throw new TokenRejectedError("audience");
  const body = Body.safeParse(payload);
  if (!body.success) throw new TokenRejectedError(body.error.issues[0]?.path[0] === "sub" ? "subject" : "claims");
  const { sub, name, owner, scp = [] } = body.data;
  const scopes = (typeof scp === "string" ? scp.split(" ") : scp).filter(Boolean);
  return { characterId: Number(sub.slice("CHARACTER:EVE:".length)), name, ownerHash: owner, scopes };
}
