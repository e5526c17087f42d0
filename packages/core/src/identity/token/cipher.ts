import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KMS,
  KmsKeyringNode,
  type KmsKeyringNodeInput,
} from "@aws-crypto/client-node";
import * as z from "zod";
import * as Config from "../../platform/config/index.ts";
import { DataKeys } from "./data-keys.ts";
import { TokenTamperedError } from "./error.ts";

/**
 * Both tokens of a character in one blob: one KMS call instead of two. With a refresh every 20 minutes, KMS calls are most of
 * a token's cost.
 */
const Secrets = z.object({ accessToken: z.string().optional(), refreshToken: z.string() });
export type Secrets = z.infer<typeof Secrets>;

const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;

const { encrypt, decrypt } = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys: 1,
});

/**
 * A data key serves one character for one day, in which the access token is refreshed at most 72 times. A worker keeps it for
 * four hours, so that a dozen workers ask KMS three times an hour for a director who is always used. A worker's memory holds
 * the tokens anyway; a leaked data key opens one character's row of one day.
 */
const limits = { maxAgeMs: 4 * 3_600_000, maxMessages: 200, maxKeys: 500 };

/** Cast to this, because the SDK's optional fields are not exact ones. */
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

/** Encrypts with the context of the character and the day. Throws KMS's errors. */
export async function seal(characterId: number, secrets: Secrets): Promise<Uint8Array> {
  const day = new Date().toISOString().slice(0, 10);
  const { result } = await encrypt(dataKeys(), JSON.stringify(secrets), {
    suiteId,
    encryptionContext: { ...contextOf(characterId), day },
  });
  return result;
}

/**
 * Decrypts the blob of a character's row. The SDK authenticates the context of the blob but not its row, so the context is
 * compared here. Throws TokenTamperedError for a blob of another character.
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
