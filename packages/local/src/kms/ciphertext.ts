import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { ServiceError } from "../wire/service-error.ts";
import type { Key } from "./key-store.ts";

export type EncryptionContext = Record<string, string>;

/** Blob: format 1 | key id (16) | material's number (2) | iv (12) | tag (16) | ciphertext. */
const format = 1;
const headerBytes = 19;
const ivBytes = 12;
const tagBytes = 16;

/** Header and context are authenticated: a blob opens only under the context and key that it was made with. */
function additionalData(header: Buffer, context: EncryptionContext): Buffer {
  const canonical = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([header, Buffer.from(JSON.stringify(canonical))]);
}

const material = (key: Key, number: number): Buffer => {
  const base64 = key.materials[number];
  if (base64 === undefined) throw invalid();
  return Buffer.from(base64, "base64");
};

const invalid = () =>
  new ServiceError("InvalidCiphertextException", "The ciphertext or its encryption context is wrong.");

export function seal(key: Key, plaintext: Buffer, context: EncryptionContext): Buffer {
  const number = key.materials.length - 1;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(format, 0);
  header.write(key.id.replaceAll("-", ""), 1, "hex");
  header.writeUInt16BE(number, 17);
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", material(key, number), iv);
  cipher.setAAD(additionalData(header, context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([header, iv, cipher.getAuthTag(), body]);
}

/** The id of the key that made a blob; throws when it is no blob of ours. */
export function keyIdOf(blob: Buffer): string {
  if (blob.length < headerBytes + ivBytes + tagBytes || blob[0] !== format) throw invalid();
  return blob.toString("hex", 1, 17).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export function open(key: Key, blob: Buffer, context: EncryptionContext): Buffer {
  const header = blob.subarray(0, headerBytes);
  const iv = blob.subarray(headerBytes, headerBytes + ivBytes);
  const tag = blob.subarray(headerBytes + ivBytes, headerBytes + ivBytes + tagBytes);
  const decipher = createDecipheriv("aes-256-gcm", material(key, header.readUInt16BE(17)), iv, {
    authTagLength: tagBytes,
  });
  decipher.setAAD(additionalData(header, context));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(blob.subarray(headerBytes + ivBytes + tagBytes)), decipher.final()]);
  } catch {
    throw invalid();
  }
}
