import { z } from "zod";
import { ServiceError } from "../wire/service-error.ts";
import { type Key, type KeyStore, newMaterial } from "./key-store.ts";
import { daysFromNow, KeyId, operation, toSeconds } from "./parse.ts";

const keyState = (key: Key): string => {
  if (key.deletesAt !== undefined) return "PendingDeletion";
  return key.enabled ? "Enabled" : "Disabled";
};

const metadata = (store: KeyStore, key: Key) => ({
  AWSAccountId: "000000000000",
  KeyId: key.id,
  Arn: store.arn(key.id),
  CreationDate: toSeconds(key.createdAt),
  Description: key.description,
  Enabled: keyState(key) === "Enabled",
  KeyState: keyState(key),
  ...(key.deletesAt === undefined ? {} : { DeletionDate: toSeconds(key.deletesAt) }),
  KeyUsage: "ENCRYPT_DECRYPT",
  KeySpec: "SYMMETRIC_DEFAULT",
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  KeyManager: "CUSTOMER",
  Origin: "AWS_KMS",
  MultiRegion: false,
});

function notPendingDeletion(store: KeyStore, name: string): Key {
  const key = store.get(name);
  if (key.deletesAt === undefined) return key;
  throw new ServiceError("KMSInvalidStateException", `${store.arn(key.id)} is pending deletion.`);
}

/** Changes to one key: found, changed, saved. */
const change = (store: KeyStore, apply: (key: Key) => void) =>
  operation(KeyId, (input) => {
    const key = notPendingDeletion(store, input.KeyId);
    apply(key);
    store.save();
    return {};
  });

function deletionOperations(store: KeyStore) {
  return {
    ScheduleKeyDeletion: operation(
      KeyId.extend({ PendingWindowInDays: z.int().min(7).max(30).default(30) }),
      ({ KeyId: name, PendingWindowInDays }) => {
        const key = notPendingDeletion(store, name);
        key.deletesAt = daysFromNow(PendingWindowInDays);
        store.save();
        return {
          KeyId: store.arn(key.id),
          DeletionDate: toSeconds(key.deletesAt),
          KeyState: keyState(key),
          PendingWindowInDays,
        };
      },
    ),

    CancelKeyDeletion: operation(KeyId, (input) => {
      const key = store.get(input.KeyId);
      if (key.deletesAt === undefined) {
        throw new ServiceError("KMSInvalidStateException", `${store.arn(key.id)} is not pending deletion.`);
      }
      delete key.deletesAt;
      key.enabled = false;
      store.save();
      return { KeyId: store.arn(key.id) };
    }),
  };
}

function rotationOperations(store: KeyStore) {
  return {
    EnableKeyRotation: change(store, (key) => {
      key.rotates = true;
    }),

    DisableKeyRotation: change(store, (key) => {
      key.rotates = false;
    }),

    GetKeyRotationStatus: operation(KeyId, (input) => {
      const key = store.get(input.KeyId);
      return { KeyId: store.arn(key.id), KeyRotationEnabled: key.rotates };
    }),

    RotateKeyOnDemand: operation(KeyId, (input) => {
      const key = notPendingDeletion(store, input.KeyId);
      key.materials.push(newMaterial());
      store.save();
      return { KeyId: store.arn(key.id) };
    }),
  };
}

export function keyOperations(store: KeyStore) {
  return {
    CreateKey: operation(
      z.object({
        Description: z.string().max(8192).default(""),
        KeySpec: z.literal("SYMMETRIC_DEFAULT").optional(),
        KeyUsage: z.literal("ENCRYPT_DECRYPT").optional(),
      }),
      (input) => ({ KeyMetadata: metadata(store, store.create({ description: input.Description })) }),
    ),

    DescribeKey: operation(KeyId, (input) => ({ KeyMetadata: metadata(store, store.get(input.KeyId)) })),

    ListKeys: () => ({
      Keys: store.list().map(({ id }) => ({ KeyId: id, KeyArn: store.arn(id) })),
      Truncated: false,
    }),

    CreateAlias: operation(
      z.object({ AliasName: z.string().regex(/^alias\/[\w/-]{1,250}$/), TargetKeyId: z.string() }),
      (input) => {
        store.addAlias(input.AliasName, store.get(input.TargetKeyId).id);
        return {};
      },
    ),

    ListAliases: operation(z.object({ KeyId: z.string().nullish() }), (input) => {
      const only = input.KeyId ? store.get(input.KeyId).id : undefined;
      return {
        Aliases: store
          .aliases()
          .filter(([, keyId]) => only === undefined || keyId === only)
          .map(([name, keyId]) => ({ AliasName: name, AliasArn: store.aliasArn(name), TargetKeyId: keyId })),
        Truncated: false,
      };
    }),

    EnableKey: change(store, (key) => {
      key.enabled = true;
    }),

    DisableKey: change(store, (key) => {
      key.enabled = false;
    }),

    ...deletionOperations(store),
    ...rotationOperations(store),
  };
}
