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

/** CCP issues under three spellings; a simulator under its own origin exactly. */
const issuers = (base: string): string[] =>
  new URL(base).hostname === ccp ? [ccp, `https://${ccp}`, `https://${ccp}/`] : [base];

const Body = z.object({
  sub: z.string().regex(/^CHARACTER:EVE:[1-9]\d*$/),
  name: z.string().min(1),
  owner: z.string().min(1),
  scp: z.union([z.string(), z.array(z.string())]).optional(),
});

let keys: { url: string; set: RemoteJWKSet } | undefined;

/** The SSO's keys: fetched once, again at an unknown kid, but at most every 30 s so that forged kids cannot hammer it. */
function keySet(base: string): RemoteJWKSet {
  const url = `${base}/oauth/jwks`;
  if (keys?.url !== url) {
    keys = { url, set: createRemoteJWKSet(new URL(url), { cooldownDuration: 30_000, timeoutDuration: 5_000 }) };
  }
  return keys.set;
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
    const { payload } = await jwtVerify(jwt, keySet(SSO_BASE_URL), {
      algorithms,
      issuer: issuers(SSO_BASE_URL),
      audience: EVE_CLIENT_ID,
      requiredClaims: ["exp", "sub", "owner", "name"],
      clockTolerance: 30,
    });
    return payload;
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
  const body = Body.safeParse(payload);
  if (!body.success) throw new TokenRejectedError(body.error.issues[0]?.path[0] === "sub" ? "subject" : "claims");
  const { sub, name, owner, scp = [] } = body.data;
  const scopes = (typeof scp === "string" ? scp.split(" ") : scp).filter(Boolean);
  return { characterId: Number(sub.slice("CHARACTER:EVE:".length)), name, ownerHash: owner, scopes };
}
