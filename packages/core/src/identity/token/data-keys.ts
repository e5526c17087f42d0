import {
  type EncryptedDataKey,
  type EncryptionContext,
  KeyringTraceFlag,
  type KmsKeyringNode,
  NodeDecryptionMaterial,
  NodeDefaultCryptographicMaterialsManager,
  NodeEncryptionMaterial,
  type NodeMaterialsManager,
  unwrapDataKey,
} from "@aws-crypto/client-node";

type EncryptionRequest = Parameters<NodeMaterialsManager["getEncryptionMaterials"]>[0];
type DecryptionRequest = Parameters<NodeMaterialsManager["decryptMaterials"]>[0];

interface Known {
  sealed: EncryptedDataKey;
  dataKey: Uint8Array;
  until: number;
  /** Messages that this process has encrypted with it. */
  used: number;
}

export interface Limits {
  /** How long a process keeps a data key. */
  maxAgeMs: number;
  /** Messages that a process encrypts with one. */
  maxMessages: number;
  maxKeys: number;
}

const nameOf = (context: EncryptionContext): string => JSON.stringify(Object.entries(context).sort());

const isSame = (a: EncryptedDataKey, b: EncryptedDataKey): boolean =>
  a.providerInfo === b.providerInfo && Buffer.compare(a.encryptedDataKey, b.encryptedDataKey) === 0;

const trace = ({ providerId, providerInfo }: EncryptedDataKey, flags: KeyringTraceFlag) => ({
  keyNamespace: providerId,
  keyName: providerInfo,
  flags,
});

/**
 * A cache of KMS data keys, one for each encryption context. A process that has decrypted a message of a context encrypts the
 * next one with the same data key, so that processes with that key need KMS for neither. The SDK's own cache would make each
 * process encrypt with a key of its own, and every reader ask KMS for each of them. The context limits a data key's whole
 * life, for example to a day.
 */
export class DataKeys implements NodeMaterialsManager {
  readonly #kms: NodeMaterialsManager;
  readonly #limits: Limits;
  readonly #known = new Map<string, Known>();

  constructor(keyring: KmsKeyringNode, limits: Limits) {
    this.#kms = new NodeDefaultCryptographicMaterialsManager(keyring);
    this.#limits = limits;
  }

  async getEncryptionMaterials(request: EncryptionRequest) {
    const { encryptionContext, suite } = request;
    const known = this.#find(encryptionContext);
    if (!suite || !known || known.used >= this.#limits.maxMessages) {
      const material = await this.#kms.getEncryptionMaterials(request);
      this.#remember(material, material.encryptedDataKeys[0], 1);
      return material;
    }
    known.used += 1;
    const { sealed, dataKey } = known;
    return new NodeEncryptionMaterial(suite, encryptionContext)
      .setUnencryptedDataKey(Uint8Array.from(dataKey), trace(sealed, KeyringTraceFlag.WRAPPING_KEY_GENERATED_DATA_KEY))
      .addEncryptedDataKey(sealed, KeyringTraceFlag.WRAPPING_KEY_ENCRYPTED_DATA_KEY);
  }

  async decryptMaterials(request: DecryptionRequest) {
    const { encryptionContext, suite } = request;
    const [sealed] = request.encryptedDataKeys;
    const known = this.#find(encryptionContext);
    if (!sealed || !known || !isSame(sealed, known.sealed)) {
      const material = await this.#kms.decryptMaterials(request);
      this.#remember(material, sealed, 0);
      return material;
    }
    return new NodeDecryptionMaterial(suite, encryptionContext).setUnencryptedDataKey(
      Uint8Array.from(known.dataKey),
      trace(sealed, KeyringTraceFlag.WRAPPING_KEY_DECRYPTED_DATA_KEY),
    );
  }

  #find(context: EncryptionContext): Known | undefined {
    const known = this.#known.get(nameOf(context));
    return known && known.until > Date.now() ? known : undefined;
  }

  /** Copies the key, here and at each use: the SDK overwrites a key with zeros after its use. */
  #remember(
    material: NodeEncryptionMaterial | NodeDecryptionMaterial,
    sealed: EncryptedDataKey | undefined,
    used: number,
  ): void {
    if (!sealed) return;
    const dataKey = Uint8Array.from(unwrapDataKey(material.getUnencryptedDataKey()));
    const name = nameOf(material.encryptionContext);
    this.#known.delete(name);
    this.#known.set(name, { sealed, dataKey, until: Date.now() + this.#limits.maxAgeMs, used });
    for (const [oldest, { until }] of this.#known) {
      if (this.#known.size <= this.#limits.maxKeys && until > Date.now()) break;
      this.#known.delete(oldest);
    }
  }
}
