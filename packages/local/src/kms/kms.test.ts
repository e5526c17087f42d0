import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildClient, CommitmentPolicy, KMS, KmsKeyringNode, type KmsKeyringNodeInput } from "@aws-crypto/client-node";
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Kms, startKms } from "./index.ts";

const settings = (endpoint: string) => ({
  endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  maxAttempts: 1,
});

let kms: Kms;
let client: KMSClient;

beforeAll(async () => {
  kms = await startKms();
  client = new KMSClient(settings(kms.url));
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(async () => {
  client.destroy();
  await kms.close();
});

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();
const createKey = async () => {
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  return { id: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "" };
};
const encrypt = async (KeyId: string, plaintext: string, EncryptionContext?: Record<string, string>) =>
  (await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(plaintext), EncryptionContext })))
    .CiphertextBlob ?? new Uint8Array();
const decrypt = async (CiphertextBlob: Uint8Array, EncryptionContext?: Record<string, string>, KeyId?: string) =>
  text((await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId }))).Plaintext);

test("what was encrypted under a context is decrypted under the same one, in any order of its pairs", async () => {
  const blob = await encrypt(kms.keyArn, "secret", { characterId: "1", purpose: "refresh" });

  const plaintext = await decrypt(blob, { purpose: "refresh", characterId: "1" });

  expect(plaintext).toBe("secret");
  expect(text(blob)).not.toContain("secret");
});

test.each([
  ["another value", { characterId: "2" }],
  ["another pair", { characterId: "1", purpose: "x" }],
  ["no context", undefined],
])("a context with %s opens nothing", async (_, context) => {
  const blob = await encrypt(kms.keyArn, "secret", { characterId: "1" });

  await expect(decrypt(blob, context)).rejects.toMatchObject({ name: "InvalidCiphertextException" });
});

test("a blob that was changed anywhere opens no more", async () => {
  const blob = await encrypt(kms.keyArn, "secret");
  // One byte each of the material's number, the iv, the tag and the ciphertext; the format and the key's id lead nowhere.
  const changed = [18, 20, 32, blob.length - 1].map((index) =>
    blob.map((byte, at) => (at === index ? byte ^ 1 : byte)),
  );

  for (const attempt of changed) {
    await expect(decrypt(attempt)).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  }
  await expect(decrypt(blob.slice(0, 30))).rejects.toMatchObject({ name: "InvalidCiphertextException" });
});

test("the same plaintext never gives the same blob", async () => {
  expect(await encrypt(kms.keyArn, "x")).not.toEqual(await encrypt(kms.keyArn, "x"));
});

test("a data key comes in plain and wrapped, and the wrapped one opens to it", async () => {
  const context = { characterId: "1" };

  const key = await client.send(
    new GenerateDataKeyCommand({ KeyId: kms.keyArn, KeySpec: "AES_256", EncryptionContext: context }),
  );
  const opened = await client.send(
    new DecryptCommand({ CiphertextBlob: key.CiphertextBlob, EncryptionContext: context }),
  );

  expect(key.Plaintext).toHaveLength(32);
  expect(key.KeyId).toBe(kms.keyArn);
  expect(opened.Plaintext).toEqual(key.Plaintext);
});

test("a data key can have any length up to 1,024 bytes, or come wrapped alone", async () => {
  const long = await client.send(new GenerateDataKeyCommand({ KeyId: kms.keyArn, NumberOfBytes: 1024 }));
  const wrapped = await client.send(
    new GenerateDataKeyWithoutPlaintextCommand({ KeyId: kms.keyArn, KeySpec: "AES_128" }),
  );
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: wrapped.CiphertextBlob }));

  expect(long.Plaintext).toHaveLength(1024);
  expect(wrapped).not.toHaveProperty("Plaintext");
  expect(opened.Plaintext).toHaveLength(16);
});

test.each([
  ["neither spec nor length", {}],
  ["both spec and length", { KeySpec: "AES_256", NumberOfBytes: 32 }],
  ["more than 1,024 bytes", { NumberOfBytes: 1025 }],
] as const)("a data key with %s is refused", async (_, input) => {
  const attempt = client.send(new GenerateDataKeyCommand({ KeyId: kms.keyArn, ...input }));

  await expect(attempt).rejects.toMatchObject({ name: "ValidationException" });
});

test("4,096 bytes are encrypted, one more is not", async () => {
  const blob = await encrypt(kms.keyArn, "x".repeat(4096));

  expect(await decrypt(blob)).toHaveLength(4096);
  await expect(encrypt(kms.keyArn, "x".repeat(4097))).rejects.toMatchObject({ name: "ValidationException" });
});

test("random bytes are random", async () => {
  const random = async () => (await client.send(new GenerateRandomCommand({ NumberOfBytes: 32 }))).Plaintext;
  const [one, two] = [await random(), await random()];

  expect(one).toHaveLength(32);
  expect(one).not.toEqual(two);
});

test("a key is known by id, ARN, alias and alias ARN", async () => {
  const { id, arn } = await createKey();
  const AliasName = `alias/${randomUUID()}`;
  await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: id }));
  const blob = await encrypt(arn, "secret");

  const names = [id, arn, AliasName, arn.replace(/key\/.*/, AliasName)];
  const found = await Promise.all(names.map((KeyId) => client.send(new DescribeKeyCommand({ KeyId }))));
  const { Keys = [] } = await client.send(new ListKeysCommand({}));
  const { Aliases } = await client.send(new ListAliasesCommand({ KeyId: id }));

  expect(found.map(({ KeyMetadata }) => KeyMetadata?.Arn)).toEqual([arn, arn, arn, arn]);
  expect(found[0]?.KeyMetadata).toMatchObject({ KeyState: "Enabled", KeySpec: "SYMMETRIC_DEFAULT" });
  expect(found[0]?.KeyMetadata?.CreationDate?.getTime()).toBeLessThanOrEqual(Date.now());
  expect(await decrypt(blob, undefined, AliasName)).toBe("secret");
  expect(Keys.map(({ KeyArn }) => KeyArn)).toContain(arn);
  expect(Aliases).toMatchObject([{ AliasName, TargetKeyId: id }]);
});

test("an alias names one key, and a key that is not there is not found", async () => {
  const { id } = await createKey();
  const AliasName = `alias/${randomUUID()}`;
  const alias = () => client.send(new CreateAliasCommand({ AliasName, TargetKeyId: id }));
  await alias();

  await expect(alias()).rejects.toMatchObject({ name: "AlreadyExistsException" });
  await expect(encrypt(randomUUID(), "x")).rejects.toMatchObject({ name: "NotFoundException" });
  await expect(encrypt("alias/none", "x")).rejects.toMatchObject({ name: "NotFoundException" });
});

test("a blob opens only with its own key", async () => {
  const other = await createKey();
  const blob = await encrypt(kms.keyArn, "secret");

  await expect(decrypt(blob, undefined, other.arn)).rejects.toMatchObject({ name: "IncorrectKeyException" });
});

test("re-encryption moves a blob to another key and context without showing it", async () => {
  const { arn } = await createKey();
  const blob = await encrypt(kms.keyArn, "secret", { a: "1" });

  const moved = await client.send(
    new ReEncryptCommand({
      CiphertextBlob: blob,
      SourceEncryptionContext: { a: "1" },
      DestinationKeyId: arn,
      DestinationEncryptionContext: { b: "2" },
    }),
  );

  expect(moved).toMatchObject({ SourceKeyId: kms.keyArn, KeyId: arn });
  expect(moved).not.toHaveProperty("Plaintext");
  expect(await decrypt(moved.CiphertextBlob ?? new Uint8Array(), { b: "2" }, arn)).toBe("secret");
});

test("a disabled key does nothing until it is enabled again", async () => {
  const { arn } = await createKey();
  const blob = await encrypt(arn, "secret");

  await client.send(new DisableKeyCommand({ KeyId: arn }));
  await expect(decrypt(blob)).rejects.toMatchObject({ name: "DisabledException" });
  await client.send(new EnableKeyCommand({ KeyId: arn }));

  expect(await decrypt(blob)).toBe("secret");
});

test("a key pending deletion is unusable, can be saved, and is gone after its days", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1_800_000_000_000 });
  const [saved, lost] = [await createKey(), await createKey()];
  const blob = await encrypt(saved.arn, "secret");
  const schedule = (KeyId: string) => client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));

  const { DeletionDate } = await schedule(saved.arn);
  await schedule(lost.arn);
  await expect(decrypt(blob)).rejects.toMatchObject({ name: "KMSInvalidStateException" });
  await client.send(new CancelKeyDeletionCommand({ KeyId: saved.arn }));
  await client.send(new EnableKeyCommand({ KeyId: saved.arn }));
  vi.setSystemTime(Date.now() + 7 * 86_400_000);

  expect(DeletionDate?.getTime()).toBe(Date.now());
  expect(await decrypt(blob)).toBe("secret");
  await expect(encrypt(lost.arn, "x")).rejects.toMatchObject({ name: "NotFoundException" });
});

test("a rotated key encrypts anew and still opens what it encrypted before", async () => {
  const { arn } = await createKey();
  const before = await encrypt(arn, "old");

  await client.send(new EnableKeyRotationCommand({ KeyId: arn }));
  await client.send(new RotateKeyOnDemandCommand({ KeyId: arn }));
  const after = await encrypt(arn, "new");

  expect(await client.send(new GetKeyRotationStatusCommand({ KeyId: arn }))).toMatchObject({
    KeyRotationEnabled: true,
  });
  expect([await decrypt(before), await decrypt(after)]).toEqual(["old", "new"]);
  expect(Buffer.from(after).readUInt16BE(17)).not.toBe(Buffer.from(before).readUInt16BE(17));
});

test("the Encryption SDK's keyring works with it, and a moved blob shows its own context", async () => {
  const sdk = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  // A cast only because the SDK's optional fields are not exact ones.
  const clientProvider = (() => new KMS(settings(kms.url))) as NonNullable<KmsKeyringNodeInput["clientProvider"]>;
  const keyring = new KmsKeyringNode({ generatorKeyId: kms.keyArn, clientProvider });
  const context = { characterId: "90000001", purpose: "refresh" };

  const { result } = await sdk.encrypt(keyring, "a refresh token", { encryptionContext: context });
  const { plaintext, messageHeader } = await sdk.decrypt(keyring, result);

  expect(plaintext.toString()).toBe("a refresh token");
  expect(messageHeader.encryptionContext).toMatchObject(context);
});

test("calls are counted by operation", async () => {
  const before = kms.counts.GenerateRandom ?? 0;

  await client.send(new GenerateRandomCommand({ NumberOfBytes: 1 }));

  expect(kms.counts.GenerateRandom).toBe(before + 1);
});

test("keys outlive a restart, in a file for its owner alone", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tapi-kms-"));
  const first = await startKms({ dir });
  const firstClient = new KMSClient(settings(first.url));
  const { CiphertextBlob } = await firstClient.send(
    new EncryptCommand({ KeyId: first.keyArn, Plaintext: Buffer.from("secret") }),
  );
  await first.close();

  const second = await startKms({ dir });
  const { Plaintext } = await new KMSClient(settings(second.url)).send(new DecryptCommand({ CiphertextBlob }));
  const { mode } = await stat(join(dir, "keys.json"));
  await second.close();
  await rm(dir, { recursive: true });

  expect(second.keyArn).toBe(first.keyArn);
  expect(text(Plaintext)).toBe("secret");
  expect(mode & 0o777).toBe(0o600);
});

test("a key file that is gone from beside data stops the start, and what the message says to write begins anew", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tapi-kms-"));

  const refusal = await startKms({ dir, mustExist: true }).then(String, (error: Error) => error.message);

  expect(refusal).toContain(`${join(dir, "keys.json")} is gone.`);
  const [remedy = ""] = /\{.*\}/.exec(refusal) ?? [];
  await writeFile(join(dir, "keys.json"), remedy);
  await (await startKms({ dir, mustExist: true })).close();
  await rm(dir, { recursive: true });
});

test("a damaged key file stops the start: new keys would make every token unreadable", async () => {
  const dir = await mkdtemp(join(tmpdir(), "tapi-kms-"));
  await writeFile(join(dir, "keys.json"), '{"keys":[');

  await expect(startKms({ dir })).rejects.toThrow(/damaged/);

  expect(await readFile(join(dir, "keys.json"), "utf8")).toBe('{"keys":[');
  await rm(dir, { recursive: true });
});
