import { randomBytes, randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ServiceError } from "../wire/service-error.ts";

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

const account = "arn:aws:kms:us-east-1:000000000000:";

export const newMaterial = (): string => randomBytes(32).toString("base64");

/** Keys and their aliases. Every change is on the disk, whole, before the call that made it is answered. */
export class KeyStore {
  readonly #file: string | undefined;
  readonly #keys: Map<string, Key>;
  readonly #aliases: Map<string, string>;

  private constructor(file: string | undefined, contents: z.infer<typeof Contents>) {
    this.#file = file;
    this.#keys = new Map(contents.keys.map((key) => [key.id, key]));
    this.#aliases = new Map(Object.entries(contents.aliases));
  }

  static open(dir: string | undefined): KeyStore {
    if (dir === undefined) return new KeyStore(undefined, { keys: [], aliases: {} });
    mkdirSync(dir, { recursive: true });
    const file = join(dir, "keys.json");
    return new KeyStore(file, read(file));
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

  /** After any change to a key: written beside, synced, then renamed over, so that a crash leaves one or the other. */
  save(): void {
    if (this.#file === undefined) return;
    const contents = { keys: this.list(), aliases: Object.fromEntries(this.#aliases) };
    const draft = `${this.#file}.new`;
    const descriptor = openSync(draft, "w", 0o600);
    writeFileSync(descriptor, JSON.stringify(contents));
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(draft, this.#file);
  }
}

/** A damaged file is never taken for an empty one: new keys would make every stored token unreadable for good. */
function read(file: string): z.infer<typeof Contents> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { keys: [], aliases: {} };
    throw error;
  }
  try {
    return Contents.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`The key file ${file} is damaged. Restore it, or remove it and link every character again.`, {
      cause,
    });
  }
}
