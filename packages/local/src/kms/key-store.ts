import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../durable-file/index.ts";
import { ServiceError } from "../wire/service-error.ts";
import { createSealer, open, Sealed, type Sealer, WrongPassphraseError } from "./seal.ts";

const Key = z.object({
  id: z.uuid(),
  description: z.string(),
  createdAt: z.number(),
  enabled: z.boolean(),
  /** Epoch milliseconds at which the key is destroyed; set while its deletion is pending. */
  deletesAt: z.number().optional(),
  rotates: z.boolean(),
  /** Base64 of 256 bits each; the last encrypts, all decrypt. */
  materials: z.array(z.string()).min(1),
});
const Contents = z.object({ keys: z.array(Key), aliases: z.record(z.string(), z.uuid()) });

export type Key = z.infer<typeof Key>;
type Contents = z.infer<typeof Contents>;

/** The key file cannot be used as it is; the message says what to do. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
}

const account = "arn:aws:kms:us-east-1:000000000000:";

export const newMaterial = (): string => randomBytes(32).toString("base64");

/** Keys and their aliases. Every change is on the disk, whole, before the call that made it is answered. */
export class KeyStore {
  readonly #file: string | undefined;
  readonly #keys: Map<string, Key>;
  readonly #aliases: Map<string, string>;
  readonly #sealer: Sealer | undefined;

  private constructor(file: string | undefined, contents: Contents, sealer?: Sealer) {
    this.#file = file;
    this.#sealer = sealer;
    this.#keys = new Map(contents.keys.map((key) => [key.id, key]));
    this.#aliases = new Map(Object.entries(contents.aliases));
  }

  /** With a passphrase the file is sealed, also one that was not until now. Throws KeyFileError, WrongPassphraseError. */
  static open(dir: string | undefined, passphrase?: string, mustExist = false): KeyStore {
    if (dir === undefined) return new KeyStore(undefined, { keys: [], aliases: {} });
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const file = join(dir, "keys.json");
    if (mustExist && !existsSync(file)) throw new KeyFileError(`The key file ${file} is gone. ${remedy}`);
    const { contents, sealer } = read(file, passphrase);
    const store = new KeyStore(file, contents, sealer ?? (passphrase ? createSealer(passphrase) : undefined));
    if (passphrase && !sealer) store.save();
    return store;
  }

  arn(keyId: string): string {
    return `${account}key/${keyId}`;
  }

  aliasArn(alias: string): string {
    return `${account}${alias}`;
  }

  create(settings: { description: string; alias?: string }): Key {
    const { description, alias } = settings;
    const key: Key = {
      id: randomUUID(),
      description,
      createdAt: Date.now(),
      enabled: true,
      rotates: false,
      materials: [newMaterial()],
    };
    this.#keys.set(key.id, key);
    if (alias) this.#aliases.set(alias, key.id);
    this.save();
    return key;
  }

  /** By id, ARN, alias or alias ARN. */
  get(name: string): Key {
    const local = name.startsWith(account) ? name.slice(account.length) : name;
    const id = local.startsWith("alias/") ? this.#aliases.get(local) : local.replace(/^key\//, "");
    const key = this.#keys.get(id ?? "");
    if (!key || (key.deletesAt !== undefined && key.deletesAt <= Date.now())) {
      throw new ServiceError("NotFoundException", `Key '${name}' does not exist`);
    }
    return key;
  }

  list(): Key[] {
    return [...this.#keys.values()];
  }

  aliases(): [alias: string, keyId: string][] {
    return [...this.#aliases];
  }

  findAlias(alias: string): Key | undefined {
    return this.#keys.get(this.#aliases.get(alias) ?? "");
  }

  addAlias(alias: string, keyId: string): void {
    if (this.#aliases.has(alias)) throw new ServiceError("AlreadyExistsException", `Alias ${alias} already exists`);
    this.#aliases.set(alias, keyId);
    this.save();
  }

  /** After any change to a key. */
  save(): void {
    if (this.#file === undefined) return;
    const text = JSON.stringify({ keys: this.list(), aliases: Object.fromEntries(this.#aliases) });
    replaceFile(this.#file, this.#sealer ? JSON.stringify(this.#sealer.seal(text)) : text);
  }
}

const remedy =
  'Restore it or a backup, or write {"keys":[],"aliases":{}} into it and link every character again: no token opens without it.';

interface Read {
  contents: Contents;
  /** What the file was sealed with. */
  sealer?: Sealer;
}

function unseal(file: string, text: string, passphrase: string | undefined): { text: string; sealer?: Sealer } {
  const sealed = Sealed.safeParse(JSON.parse(text));
  if (!sealed.success) return { text };
  if (passphrase) return open(sealed.data, passphrase);
  throw new KeyFileError(`The keys in ${file} are under a passphrase. Set KMS_PASSPHRASE or KMS_PASSPHRASE_FILE.`);
}

/** A damaged file is never taken for an empty one: new keys would make every stored token unreadable for good. */
function read(file: string, passphrase: string | undefined): Read {
  let stored: string;
  try {
    stored = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { contents: { keys: [], aliases: {} } };
    throw error;
  }
  try {
    const { text, ...rest } = unseal(file, stored, passphrase);
    return { contents: Contents.parse(JSON.parse(text)), ...rest };
  } catch (cause) {
    if (cause instanceof KeyFileError || cause instanceof WrongPassphraseError) throw cause;
    throw new KeyFileError(`The key file ${file} is damaged. ${remedy}`, {
      cause,
    });
  }
}
