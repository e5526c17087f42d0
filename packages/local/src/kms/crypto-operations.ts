import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ServiceError } from "../wire/service-error.ts";
import { type EncryptionContext, keyIdOf, open, seal } from "./ciphertext.ts";
import type { Key, KeyStore } from "./key-store.ts";
import { KeyId, operation } from "./parse.ts";

const Context = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});

const blob = (minBytes: number, maxBytes: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, "base64"))
    .refine(({ length }) => length >= minBytes && length <= maxBytes, `${minBytes} to ${maxBytes} bytes are allowed`);

/** KMS's own limits in bytes. */
const Plaintext = blob(1, 4096);
const Ciphertext = blob(1, 6144);
const NumberOfBytes = z.int().min(1).max(1024);

const DataKeyInput = KeyId.extend({
  EncryptionContext: Context,
  KeySpec: z.enum(["AES_256", "AES_128"]).nullish(),
  NumberOfBytes: NumberOfBytes.nullish(),
}).transform((input, context) => {
  const fromSpec = input.KeySpec && { AES_256: 32, AES_128: 16 }[input.KeySpec];
  if (Boolean(fromSpec) === (input.NumberOfBytes != null)) {
    context.addIssue({ code: "custom", message: "Please specify either number of bytes or key spec." });
    return z.NEVER;
  }
  return { ...input, length: fromSpec ?? input.NumberOfBytes ?? 0 };
});

function usable(store: KeyStore, name: string): Key {
  const key = store.get(name);
  if (key.deletesAt !== undefined) {
    throw new ServiceError("KMSInvalidStateException", `${store.arn(key.id)} is pending deletion.`);
  }
  if (!key.enabled) throw new ServiceError("DisabledException", `${store.arn(key.id)} is disabled.`);
  return key;
}

/** Opens a blob with the key that made it; a caller that names a key means that one and no other. */
function decrypt(store: KeyStore, ciphertext: Buffer, context: EncryptionContext, expectedKey?: string | null) {
  const keyId = keyIdOf(ciphertext);
  if (expectedKey && store.get(expectedKey).id !== keyId) {
    throw new ServiceError(
      "IncorrectKeyException",
      "The key ID in the request does not identify the key of the ciphertext.",
    );
  }
  const key = usable(store, keyId);
  return { key, plaintext: open(key, ciphertext, context) };
}

export function cryptoOperations(store: KeyStore) {
  const dataKey = ({ KeyId: name, EncryptionContext, length }: z.output<typeof DataKeyInput>) => {
    const key = usable(store, name);
    const plaintext = randomBytes(length);
    return {
      KeyId: store.arn(key.id),
      CiphertextBlob: seal(key, plaintext, EncryptionContext).toString("base64"),
      Plaintext: plaintext.toString("base64"),
    };
  };

  return {
    GenerateDataKey: operation(DataKeyInput, dataKey),

    GenerateDataKeyWithoutPlaintext: operation(DataKeyInput, (input) => {
      const { KeyId, CiphertextBlob } = dataKey(input);
      return { KeyId, CiphertextBlob };
    }),

    GenerateRandom: operation(z.object({ NumberOfBytes }), (input) => ({
      Plaintext: randomBytes(input.NumberOfBytes).toString("base64"),
    })),

    Encrypt: operation(KeyId.extend({ Plaintext, EncryptionContext: Context }), (input) => {
      const key = usable(store, input.KeyId);
      return {
        KeyId: store.arn(key.id),
        CiphertextBlob: seal(key, input.Plaintext, input.EncryptionContext).toString("base64"),
        EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
      };
    }),

    Decrypt: operation(
      z.object({ CiphertextBlob: Ciphertext, EncryptionContext: Context, KeyId: z.string().nullish() }),
      (input) => {
        const { key, plaintext } = decrypt(store, input.CiphertextBlob, input.EncryptionContext, input.KeyId);
        return {
          KeyId: store.arn(key.id),
          Plaintext: plaintext.toString("base64"),
          EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        };
      },
    ),

    ReEncrypt: operation(
      z.object({
        CiphertextBlob: Ciphertext,
        SourceEncryptionContext: Context,
        SourceKeyId: z.string().nullish(),
        DestinationKeyId: z.string(),
        DestinationEncryptionContext: Context,
      }),
      (input) => {
        const target = usable(store, input.DestinationKeyId);
        const source = decrypt(store, input.CiphertextBlob, input.SourceEncryptionContext, input.SourceKeyId);
        return {
          CiphertextBlob: seal(target, source.plaintext, input.DestinationEncryptionContext).toString("base64"),
          SourceKeyId: store.arn(source.key.id),
          KeyId: store.arn(target.id),
          SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
          DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        };
      },
    ),
  };
}
