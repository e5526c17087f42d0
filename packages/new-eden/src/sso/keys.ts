import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";
import type { Store } from "../store/index.ts";

export type Algorithm = "RS256" | "ES256";

/** CCP's own key ids. */
const keyIds: Record<Algorithm, string> = {
  RS256: "JWT-Signature-Key",
  ES256: "8878a23f-2489-4045-989e-4d2f3ec1ae1a",
};

type SigningKey = Awaited<ReturnType<typeof importJWK>>;

export interface Keys {
  /** The published set: public halves only. */
  jwks: { keys: JWK[] };
  verify: ReturnType<typeof createLocalJWKSet>;
  signing: Record<Algorithm, { kid: string; key: SigningKey }>;
}

type PrivateJwks = Record<Algorithm, JWK>;

// An RSA pair takes a tenth of a second or more: worlds without a folder share one per process.
let shared: Promise<PrivateJwks> | undefined;

async function generate(): Promise<PrivateJwks> {
  const entries = (Object.keys(keyIds) as Algorithm[]).map(async (algorithm) => {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    return [algorithm, await exportJWK(privateKey)] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as PrivateJwks;
}

async function privateKeys(store: Store): Promise<PrivateJwks> {
  if (!store.isKept) {
    shared ??= generate();
    return shared;
  }
  const kept = store.read<PrivateJwks>("keys.json");
  if (kept) return kept;
  const fresh = await generate();
  store.write("keys.json", fresh);
  return fresh;
}

/** The private members of an RSA and of an elliptic-curve key. */
const secretMembers = ["d", "p", "q", "dp", "dq", "qi"];

function publicHalf(jwk: JWK, alg: Algorithm): JWK {
  const open = Object.fromEntries(Object.entries(jwk).filter(([member]) => !secretMembers.includes(member)));
  return { ...open, kty: jwk.kty as string, alg, kid: keyIds[alg], use: "sig" };
}

export async function openKeys(store: Store): Promise<Keys> {
  const secret = await privateKeys(store);
  const jwks = { keys: [publicHalf(secret.RS256, "RS256"), publicHalf(secret.ES256, "ES256")] };
  const [rsa, ec] = await Promise.all([importJWK(secret.RS256, "RS256"), importJWK(secret.ES256, "ES256")]);
  return {
    jwks,
    verify: createLocalJWKSet(jwks),
    signing: { RS256: { kid: keyIds.RS256, key: rsa }, ES256: { kid: keyIds.ES256, key: ec } },
  };
}
