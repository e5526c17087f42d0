import { createHash, randomUUID } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import { secondMs } from "../clock.ts";
import type { Store } from "../store/index.ts";
import type { Character } from "../world/people.ts";
import type { Grant } from "./grants.ts";
import type { Algorithm, Keys } from "./keys.ts";

/** As CCP's SSO answers: twenty minutes less the second that the way takes. */
export const lifetimeSeconds = 1199;
const eve = "EVE Online";
/** Verified tokens that are remembered: a signature check costs more than the rest of a request. */
const maxRemembered = 10_000;

interface Revocation {
  second: number;
  /** Tokens of that very second that were given out before the revocation. */
  jtis: string[];
}

interface Verified extends Grant {
  issuedSecond: number;
  jti: string;
  expiresMs: number;
}

/** Signs, checks and revokes access tokens: JWTs in the shape of CCP's. */
export class AccessTokens {
  readonly #keys: Keys;
  readonly #store: Store;
  readonly #signWith: Algorithm | "alternate";
  readonly #revoked: Record<string, Revocation>;
  readonly #remembered = new Map<string, Verified>();
  #issued = 0;
  #thisSecond: Revocation & { owners: number[] } = { second: 0, jtis: [], owners: [] };

  constructor(keys: Keys, store: Store, signWith: Algorithm | "alternate" = "alternate") {
    this.#keys = keys;
    this.#store = store;
    this.#signWith = signWith;
    this.#revoked = store.read<Record<string, Revocation>>("revoked.json") ?? {};
  }

  async issue(grant: Grant, character: Character, issuer: string, nowMs: number): Promise<string> {
    this.#issued += 1;
    const alternate: Algorithm = this.#issued % 2 === 0 ? "ES256" : "RS256";
    const alg = this.#signWith === "alternate" ? alternate : this.#signWith;
    const { kid, key } = this.#keys.signing[alg];
    const second = Math.floor(nowMs / secondMs);
    const jti = randomUUID();
    this.#note(second, jti, grant.characterId);
    return new SignJWT({
      // One scope is a bare string, several are a list: CCP's own habit.
      ...(grant.scopes.length > 0 ? { scp: grant.scopes.length === 1 ? grant.scopes[0] : grant.scopes } : {}),
      jti,
      kid,
      sub: `CHARACTER:EVE:${grant.characterId}`,
      azp: grant.clientId,
      tenant: "tranquility",
      tier: "live",
      region: "world",
      aud: [grant.clientId, eve],
      name: character.name,
      owner: ownerHash(character),
      exp: second + lifetimeSeconds,
      iat: second,
      iss: issuer,
    })
      .setProtectedHeader({ alg, kid, typ: "JWT" })
      .sign(key);
  }

  /** Whose token this is; undefined for a forged, expired or revoked one. */
  async verify(token: string, nowMs: number): Promise<Grant | undefined> {
    const known = this.#remembered.get(token) ?? (await this.#check(token, nowMs));
    if (!known || known.expiresMs <= nowMs || this.#isRevoked(known)) return undefined;
    return known;
  }

  /** Every token that the pilot has given out until now is worth nothing. */
  revoke(characterId: number, nowMs: number): void {
    const second = Math.floor(nowMs / secondMs);
    const { owners, jtis } = this.#thisSecond;
    const current = this.#thisSecond.second === second ? jtis.filter((_, at) => owners[at] === characterId) : [];
    this.#revoked[characterId] = { second, jtis: current };
    this.#store.write("revoked.json", this.#revoked);
  }

  async #check(token: string, nowMs: number): Promise<Verified | undefined> {
    const result = await jwtVerify(token, this.#keys.verify, {
      audience: eve,
      algorithms: ["RS256", "ES256"],
      currentDate: new Date(nowMs),
    }).catch(() => undefined);
    const payload = result?.payload;
    if (!payload?.sub || !payload.exp || !payload.iat || !payload.jti) return undefined;
    const scp = payload.scp as string | string[] | undefined;
    const verified: Verified = {
      characterId: Number(payload.sub.split(":")[2]),
      clientId: payload.azp as string,
      scopes: typeof scp === "string" ? [scp] : (scp ?? []),
      issuedSecond: payload.iat,
      jti: payload.jti,
      expiresMs: payload.exp * secondMs,
    };
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear();
    this.#remembered.set(token, verified);
    return verified;
  }

  #isRevoked({ characterId, issuedSecond, jti }: Verified): boolean {
    const revocation = this.#revoked[characterId];
    if (!revocation) return false;
    return issuedSecond < revocation.second || revocation.jtis.includes(jti);
  }

  #note(second: number, jti: string, characterId: number): void {
    if (this.#thisSecond.second !== second) this.#thisSecond = { second, jtis: [], owners: [] };
    this.#thisSecond.jtis.push(jti);
    this.#thisSecond.owners.push(characterId);
  }
}

/** Changes when the character changes hands, and only then. */
function ownerHash({ characterId, ownerSerial }: Character): string {
  return createHash("sha1").update(`${characterId}:${ownerSerial}`).digest("base64");
}
