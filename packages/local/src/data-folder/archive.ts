import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { Decrypter, Encrypter } from "age-encryption";
import { create, extract } from "tar";
import { z } from "zod";
import { syncFolder } from "../durable-file/index.ts";
import { StartError } from "../host/start-error.mjs";
import { draftOf, filesOf } from "./copy.ts";

/** The first file of every backup: what the others are, and how they must arrive. */
export const contentsName = "backup.json";

const Contents = z.object({
  app: z.literal("tapi"),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});
type Contents = z.infer<typeof Contents>;

/** Told now and then: how far it has come. */
export type Progress = (doneBytes: number, ofBytes: number) => void;

/** Encrypted files are such as `age` reads: `age -d FILE | tar xz` opens one without TAPI. */
const encryptedMark = "age-encryption.org/v1";

/** Of scrypt, as a power of two: OWASP's recommendation, and the same as for the keys' own passphrase. */
const workFactor = 17;

async function digest(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

async function describe(dir: string): Promise<Contents> {
  const files = [];
  for (const path of filesOf(dir)) {
    files.push({ path, bytes: statSync(join(dir, path)).size, sha256: await digest(join(dir, path)) });
  }
  return { app: "tapi", files };
}

const totalOf = ({ files }: Contents): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** A stream as `age` encrypts it. */
export async function encrypt(plain: Readable, passphrase: string): Promise<Readable> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(workFactor);
  encrypter.setPassphrase(passphrase.normalize("NFKC"));
  const encrypted = await encrypter.encrypt(Readable.toWeb(plain) as never);
  return Readable.fromWeb(encrypted as unknown as ReadableStream);
}

/** Packs a copy of an installation into one file, which appears whole or not at all. */
export async function pack(
  dir: string,
  file: string,
  { passphrase, progress }: { passphrase?: string | undefined; progress: Progress },
): Promise<void> {
  const contents = await describe(dir);
  writeFileSync(join(dir, contentsName), JSON.stringify(contents), { mode: 0o600 });
  const total = totalOf(contents);
  let done = 0;
  // The stored collections are compressed already: more effort gains nothing.
  const packing = create(
    {
      cwd: dir,
      gzip: { level: 1 },
      portable: true,
      onWriteEntry: (entry) => {
        progress(done, total);
        done += entry.stat?.size ?? 0;
      },
    },
    [contentsName, ...contents.files.map(({ path }) => path)],
  );
  const plain = Readable.from(packing);
  const draft = draftOf(file);
  try {
    const stream = passphrase ? await encrypt(plain, passphrase) : plain;
    await pipeline(stream, createWriteStream(draft, { flags: "wx", mode: 0o600 }));
    const handle = await open(draft, "r+");
    await handle.sync();
    await handle.close();
    renameSync(draft, file);
    syncFolder(dirname(file));
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(encryptedMark.length);
  const descriptor = openSync(file, "r");
  try {
    return bytes.subarray(0, readSync(descriptor, bytes)).toString("latin1");
  } finally {
    closeSync(descriptor);
  }
}

const isNoSpace = (error: unknown) => /^(ENOSPC|EDQUOT|EFBIG)$/.test((error as NodeJS.ErrnoException).code ?? "");

/** What a file holds, gzipped, whether it is encrypted or not. Throws StartError, in plain words. */
export async function plainOf(file: string, source: Readable, passphrase: string | undefined): Promise<Readable> {
  const beginning = beginningOf(file);
  if (beginning.startsWith("\u001f\u008b")) return source;
  if (beginning !== encryptedMark) throw new StartError(`${file} is no backup or export of TAPI's.`);
  if (!passphrase) {
    throw new StartError(`${file} is encrypted. Set BACKUP_PASSPHRASE, or name a file: --passphrase-file FILE`);
  }
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.normalize("NFKC"));
  try {
    return Readable.fromWeb((await decrypter.decrypt(Readable.toWeb(source) as never)) as unknown as ReadableStream);
  } catch (cause) {
    const isWrong = /no identity matched/.test(String(cause));
    throw new StartError(isWrong ? `The passphrase does not open ${file}.` : damaged(file), { cause });
  }
}

const damaged = (file: string): string => `${file} is damaged or cut off. Use another backup; nothing was changed.`;

async function* counted(file: string, progress: Progress): AsyncGenerator<Buffer> {
  const total = statSync(file).size;
  let done = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    done += chunk.length;
    progress(done, total);
    yield chunk;
  }
}

/** Unpacks a backup into an empty folder and holds every file against its checksum. Throws StartError, in plain words. */
export async function unpack(
  file: string,
  dir: string,
  { passphrase, progress }: { passphrase?: string | undefined; progress: Progress },
): Promise<void> {
  const source = Readable.from(counted(file, progress));
  try {
    const plain = await plainOf(file, source, passphrase);
    await pipeline(
      plain,
      extract({ cwd: dir, strict: true, umask: 0o077, filter: (_, entry) => "type" in entry && entry.type === "File" }),
    );
    await verify(dir);
  } catch (error) {
    if (error instanceof StartError || isNoSpace(error)) throw error;
    throw new StartError(damaged(file), { cause: error });
  } finally {
    source.destroy();
  }
}

async function verify(dir: string): Promise<void> {
  const { files } = Contents.parse(JSON.parse(readFileSync(join(dir, contentsName), "utf8")));
  rmSync(join(dir, contentsName));
  const expected = new Map(files.map((each) => [each.path, each]));
  for (const path of filesOf(dir)) if (!expected.delete(path)) throw new Error(`${path} does not belong there`);
  if (expected.size > 0) throw new Error(`${[...expected.keys()].join(", ")} did not arrive`);
  for (const { path, bytes, sha256 } of files) {
    if (!existsSync(join(dir, path)) || statSync(join(dir, path)).size !== bytes)
      throw new Error(`${path} has another size`);
    if ((await digest(join(dir, path))) !== sha256) throw new Error(`${path} is not what was packed`);
  }
}
