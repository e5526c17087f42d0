import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { z } from "zod";

/** What stands on the disk where a passphrase is set: AES-256-GCM under a key that scrypt (RFC 7914) makes of it. */
export const Sealed = z.object({
  sealed: z.object({
    kdf: z.literal("scrypt"),
    cost: z
      .int()
      .min(2 ** 14)
      .max(2 ** 20),
    salt: z.base64(),
    iv: z.base64(),
    tag: z.base64(),
    data: z.base64(),
  }),
});
export type Sealed = z.infer<typeof Sealed>;

/** OWASP's recommendation for scrypt: 128 MB and half a second for each guess. */
const cost = 2 ** 17;
const blockSize = 8;

const cipher = "aes-256-gcm";
const bytes = (text: string) => Buffer.from(text, "base64");

function derive(passphrase: string, salt: Buffer, n: number): Buffer {
  return scryptSync(passphrase.normalize("NFKC"), salt, 32, { N: n, r: blockSize, p: 1, maxmem: 256 * n * blockSize });
}

export class WrongPassphraseError extends Error {
  override readonly name = "WrongPassphraseError";
}

/** Seals and opens under one passphrase; its key is made once, not at each write. */
export interface Sealer {
  seal(text: string): Sealed;
}

function sealerOf(key: Buffer, salt: Buffer, n: number): Sealer {
  return {
    seal(text) {
      const iv = randomBytes(12);
      const encrypting = createCipheriv(cipher, key, iv);
      const data = Buffer.concat([encrypting.update(text, "utf8"), encrypting.final()]);
      const base64 = (value: Buffer) => value.toString("base64");
      const tag = base64(encrypting.getAuthTag());
      return { sealed: { kdf: "scrypt", cost: n, salt: base64(salt), iv: base64(iv), tag, data: base64(data) } };
    },
  };
}

export function createSealer(passphrase: string): Sealer {
  const salt = randomBytes(16);
  return sealerOf(derive(passphrase, salt, cost), salt, cost);
}

/** The sealed text, and what seals it again. Throws WrongPassphraseError. */
export function open({ sealed }: Sealed, passphrase: string): { text: string; sealer: Sealer } {
  const salt = bytes(sealed.salt);
  const key = derive(passphrase, salt, sealed.cost);
  const decrypting = createDecipheriv(cipher, key, bytes(sealed.iv)).setAuthTag(bytes(sealed.tag));
  try {
    const text = Buffer.concat([decrypting.update(bytes(sealed.data)), decrypting.final()]).toString("utf8");
    return { text, sealer: sealerOf(key, salt, sealed.cost) };
  } catch (cause) {
    throw new WrongPassphraseError("The passphrase does not open the keys.", { cause });
  }
}
