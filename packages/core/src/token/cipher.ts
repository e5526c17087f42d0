import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  KMS,
  KmsKeyringNode,
  type KmsKeyringNodeInput,
  NodeCachingMaterialsManager,
} from "@aws-crypto/client-node";
import * as z from "zod";
import * as Config from "../config/index.ts";
import { TokenTamperedError } from "./error.ts";

/**
 * Both tokens of a character in one blob: one KMS call where two blobs would cost two, and at a refresh every 20 minutes
 * KMS calls are most of what a token costs.
 */
const Secrets = z.object({ accessToken: z.string().optional(), refreshToken: z.string() });
export type Secrets = z.infer<typeof Secrets>;

const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

const { encrypt, decrypt } = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys: 1,
});

/**
 * Longer than the 20 minutes that an access token lives: a warm worker which refreshes it again then needs no KMS call.
 * A data key serves one character only, because the encryption context is part of the cache's key.
 */
const maxAgeMs = 30 * 60_000;
const maxMessagesEncrypted = 100;
const maxCachedKeys = 500;

/** A cast to this only because the SDK's optional fields are not exact ones. */
type ClientProvider = NonNullable<KmsKeyringNodeInput["clientProvider"]>;

interface Vault {
  keyId: string;
  endpoint: string | undefined;
  materials: NodeCachingMaterialsManager;
}

let vault: Vault | undefined;

function materials(): NodeCachingMaterialsManager {
  const { KMS_KEY_ID: keyId, KMS_ENDPOINT: endpoint } = Config.get();
  if (vault?.keyId === keyId && vault.endpoint === endpoint) return vault.materials;
  const keyring = new KmsKeyringNode({
    generatorKeyId: keyId,
    clientProvider: ((region) => new KMS({ region, ...(endpoint ? { endpoint } : {}) })) as ClientProvider,
  });
  const manager = new NodeCachingMaterialsManager({
    backingMaterials: keyring,
    cache: getLocalCryptographicMaterialsCache(maxCachedKeys),
    maxAge: maxAgeMs,
    maxMessagesEncrypted,
  });
  vault = { keyId, endpoint, materials: manager };
  return manager;
}

const contextOf = (characterId: number) => ({ characterId: String(characterId), purpose: "esi-token" });

/** Encrypts under the character's own context. Throws what KMS throws. */
export async function seal(characterId: number, secrets: Secrets): Promise<Uint8Array> {
  const { result } = await encrypt(materials(), JSON.stringify(secrets), {
    suiteId,
    encryptionContext: contextOf(characterId),
  });
  return result;
}

/**
 * Decrypts a blob found in the character's row. The SDK authenticates the context that the blob was sealed with but not
 * whose row it lies in, so that is compared here: a blob moved to another row throws TokenTamperedError.
 */
export async function open(characterId: number, blob: Uint8Array): Promise<Secrets> {
  const { plaintext, messageHeader } = await decrypt(materials(), blob);
  const sealedWith = messageHeader.encryptionContext;
  for (const [name, value] of Object.entries(contextOf(characterId))) {
    if (sealedWith[name] !== value) {
      throw new TokenTamperedError(`the blob in the row of character ${characterId} was sealed for another ${name}`);
    }
  }
  return Secrets.parse(JSON.parse(plaintext.toString("utf8")));
}
