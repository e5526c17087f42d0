import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KMS,
  KmsKeyringNode,
  type KmsKeyringNodeInput,
} from "@aws-crypto/client-node";
import * as z from "zod";
import * as Config from "../config/index.ts";
import { DataKeys } from "./data-keys.ts";
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
 * A data key serves one character for one day: its access token is renewed at most 72 times in it. A worker keeps it for
 * four hours, so that a dozen of them ask KMS three times an hour for a director who is always used. Whoever reads a
 * worker's memory finds the tokens themselves; a data key that leaked opens what one character's row held that day.
 */
const limits = { maxAgeMs: 4 * 3_600_000, maxMessages: 200, maxKeys: 500 };

/** A cast to this only because the SDK's optional fields are not exact ones. */
type ClientProvider = NonNullable<KmsKeyringNodeInput["clientProvider"]>;

interface Vault {
  keyId: string;
  endpoint: string | undefined;
  dataKeys: DataKeys;
}

let vault: Vault | undefined;

function dataKeys(): DataKeys {
  const { KMS_KEY_ID: keyId, KMS_ENDPOINT: endpoint } = Config.get();
  if (vault?.keyId === keyId && vault.endpoint === endpoint) return vault.dataKeys;
  const keyring = new KmsKeyringNode({
    generatorKeyId: keyId,
    clientProvider: ((region) => new KMS({ region, ...(endpoint ? { endpoint } : {}) })) as ClientProvider,
  });
  vault = { keyId, endpoint, dataKeys: new DataKeys(keyring, limits) };
  return vault.dataKeys;
}

const contextOf = (characterId: number) => ({ characterId: String(characterId), purpose: "esi-token" });

/** Encrypts under the character's own context and the day's. Throws what KMS throws. */
export async function seal(characterId: number, secrets: Secrets): Promise<Uint8Array> {
  const day = new Date().toISOString().slice(0, 10);
  const { result } = await encrypt(dataKeys(), JSON.stringify(secrets), {
    suiteId,
    encryptionContext: { ...contextOf(characterId), day },
  });
  return result;
}

/**
 * Decrypts a blob found in the character's row. The SDK authenticates the context that the blob was sealed with but not
 * whose row it lies in, so that is compared here: a blob moved to another row throws TokenTamperedError.
 */
export async function open(characterId: number, blob: Uint8Array): Promise<Secrets> {
  const { plaintext, messageHeader } = await decrypt(dataKeys(), blob);
  const sealedWith = messageHeader.encryptionContext;
  for (const [name, value] of Object.entries(contextOf(characterId))) {
    if (sealedWith[name] !== value) {
      throw new TokenTamperedError(`the blob in the row of character ${characterId} was sealed for another ${name}`);
    }
  }
  return Secrets.parse(JSON.parse(plaintext.toString("utf8")));
}
