import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify, type RemoteJWKSet } from "jose";
import * as z from "zod";
import * as Config from "../config/index.ts";
import { TokenRejectedError } from "./error.ts";

/** What the SSO vouches for in an access token. */
export interface Claims {
  characterId: number;
  name: string;
  ownerHash: string;
  scopes: string[];
}

/** The only algorithms the SSO signs with; `none` and HMAC (which would take the public key for a secret) are not. */
const algorithms = ["RS256", "ES256"];

const ccp = "login.eveonline.com";

/** CCP issues under three spellings. */
const ccpIssuers = [ccp, `https://${ccp}`, `https://${ccp}/`];

/**
 * Another SSO issues under its own address, or copies what CCP's tokens say. That loosens nothing: a token is believed for
 * its signature, and keys come from the configured SSO alone.
 */
function issuers(base: string): string[] {
  if (new URL(base).hostname === ccp) return ccpIssuers;
  const bare = base.replace(/^https?:\/\//, "");
  return [base, `${base}/`, bare, `${bare}/`, ...ccpIssuers];
}

const Body = z.object({
  // Up to fifteen digits: beyond 2^53 two ids would be read as one.
  sub: z.string().regex(/^CHARACTER:EVE:[1-9]\d{0,14}$/),
  name: z.string().min(1),
  owner: z.string().min(1),
  scp: z.union([z.string(), z.array(z.string())]).optional(),
});

/** A key that the SSO has withdrawn is believed no longer than this. */
const maxKeyAgeMs = 5 * 60_000;
/** After a fetch an unknown kid has the keys fetched again at once, but only so often a minute: kids can be invented. */
const fetchesAMinute = 4;

let keys: { url: string; set: RemoteJWKSet } | undefined;
let fetches: number[] = [];

/** The SSO's keys: fetched once in a while, and again at a kid that is not among them. */
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

/** Fetches the keys anew, unless that has been done a moment ago or too often. Who comes meanwhile waits for the same. */
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

/** Verifies with the keys that are known; a kid that is not among them may be a new one. */
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

/** Names the check that failed. Anything else (the keys out of reach) is not the token's fault and passes through. */
function translate(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return new TokenRejectedError("expired", error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const claim = { iss: "issuer", aud: "audience", sub: "subject" } as const;
    return new TokenRejectedError(claim[error.claim as keyof typeof claim] ?? "claims", error);
  }
  if (error instanceof errors.JWKSNoMatchingKey) return new TokenRejectedError("key", error);
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
    return new TokenRejectedError("algorithm", error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return new TokenRejectedError("signature", error);
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) {
    return new TokenRejectedError("claims", error);
  }
  return error;
}

async function verify(jwt: string): Promise<JWTPayload> {
  const { SSO_BASE_URL, EVE_CLIENT_ID } = Config.get();
  try {
    // Without a kid the library would take any key that fits: the SSO always names its key.
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
 * Checks an access token as CCP asks: signature by kid and algorithm, issuer, audience (the client id AND `EVE Online`),
 * expiry, subject, owner. Throws TokenRejectedError; any other error means that the SSO's keys are out of reach.
 */
export async function validate(jwt: string): Promise<Claims> {
  const payload = await verify(jwt);
  if (![payload.aud].flat().includes("EVE Online")) throw new TokenRejectedError("audience");
  // Whom it was given to (OpenID Connect Core 3.1.3.7): another application's token may name ours in its audience.
  if (payload.azp !== Config.get().EVE_CLIENT_ID) throw new TokenRejectedError("audience");
  const body = Body.safeParse(payload);
  if (!body.success) throw new TokenRejectedError(body.error.issues[0]?.path[0] === "sub" ? "subject" : "claims");
  const { sub, name, owner, scp = [] } = body.data;
  const scopes = (typeof scp === "string" ? scp.split(" ") : scp).filter(Boolean);
  return { characterId: Number(sub.slice("CHARACTER:EVE:".length)), name, ownerHash: owner, scopes };
}
