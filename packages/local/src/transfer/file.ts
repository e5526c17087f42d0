import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, renameSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import * as z from "zod";
import { encrypt, plainOf } from "../data-folder/archive.ts";
import { draftOf } from "../data-folder/copy.ts";
import { StartError } from "../host/start-error.mjs";

/*
 * An export is lines of JSON, gzipped, and encrypted as `age` does it: a head, a line for each row, and an end that counts and
 * sums what stands before it.
 */

export const Head = z.object({
  app: z.literal("tapi"),
  kind: z.literal("export"),
  format: z.literal(1),
  /** Tells one export from another. */
  id: z.string(),
  /** EVE's tokens belong to the application that they were given to. */
  eveClientId: z.string(),
  /** Whose data they are: the address of the login, or New Eden. */
  world: z.string(),
  at: z.string(),
});
export type Head = z.infer<typeof Head>;

const End = z.object({ rows: z.int(), sha256: z.string() });

export interface Sealing {
  passphrase?: string | undefined;
}

async function* linesOf(head: Head, rows: AsyncIterable<object>, counted: (rows: number) => void) {
  const hash = createHash("sha256");
  let count = 0;
  const line = (value: object) => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  };
  yield line(head);
  for await (const row of rows) {
    count += 1;
    yield line(row);
  }
  yield `${JSON.stringify({ rows: count, sha256: hash.digest("hex") })}\n`;
  counted(count);
}

/** Writes a file that appears whole or not at all, for its owner alone; gives how many rows it has. */
export async function writeExport(file: string, head: Head, rows: AsyncIterable<object>, { passphrase }: Sealing) {
  let count = 0;
  const lines = linesOf(head, rows, (counted) => {
    count = counted;
  });
  const gzip = createGzip({ level: 1 });
  const draft = draftOf(file);
  const filling = pipeline(Readable.from(lines), gzip);
  try {
    const stream = passphrase ? await encrypt(gzip, passphrase) : gzip;
    await Promise.all([filling, pipeline(stream, createWriteStream(draft, { flags: "wx", mode: 0o600, flush: true }))]);
    renameSync(draft, file);
  } catch (error) {
    // What fails first is told; the other end fails because of it.
    await filling.catch(() => undefined);
    rmSync(draft, { force: true });
    throw error;
  }
  return count;
}

/** By hand: readline does not tell that its stream has failed, and whoever waits for the next line waits for ever. */
async function* split(text: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = "";
  for await (const chunk of text) {
    const lines = chunk.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      yield begun + line;
      begun = "";
    }
    begun += last;
  }
  if (begun) yield begun;
}

/** Whoever stops reading ends the file's stream too: it goes down with the last one. */
async function* rawLines(file: string, { passphrase }: Sealing): AsyncGenerator<string> {
  const source = createReadStream(file);
  const gunzip = createGunzip().setEncoding("utf8");
  const plain = await plainOf(file, source, passphrase).catch((error: unknown) => {
    source.destroy();
    throw error;
  });
  // Its failure is told by the last stream, which is read.
  const filling = pipeline(plain, gunzip).catch(() => undefined);
  yield* split(gunzip);
  await filling;
}

const damaged = (file: string, cause?: unknown) =>
  new StartError(`${file} is damaged or cut off. Export again; nothing was changed.`, { cause });

/** Reads a whole export once without keeping it: its head and its rows' number, or a sentence about what is wrong with it. */
export async function verifyExport(file: string, sealing: Sealing): Promise<{ head: Head; rows: number }> {
  const hash = createHash("sha256");
  let head: Head | undefined;
  let last: string | undefined;
  let lines = 0;
  try {
    for await (const line of rawLines(file, sealing)) {
      if (last !== undefined) hash.update(`${last}\n`);
      head ??= readHead(file, line);
      last = line;
      lines += 1;
    }
    const end = End.parse(JSON.parse(last ?? ""));
    if (!head || end.rows !== lines - 2 || end.sha256 !== hash.digest("hex")) throw damaged(file);
    return { head, rows: end.rows };
  } catch (error) {
    throw error instanceof StartError ? error : damaged(file, error);
  }
}

function readHead(file: string, line: string): Head {
  const found = z
    .object({ app: z.literal("tapi"), kind: z.literal("export"), format: z.number() })
    .safeParse(JSON.parse(line));
  if (!found.success) throw new StartError(`${file} is no export of TAPI's.`);
  if (found.data.format > 1)
    throw new StartError(`${file} was written by a newer TAPI. Update this one, then import it.`);
  return Head.parse(JSON.parse(line));
}

/** The rows of an export that was verified. */
export async function* readRows(file: string, sealing: Sealing): AsyncGenerator<unknown> {
  let before: string | undefined;
  let isHead = true;
  for await (const line of rawLines(file, sealing)) {
    if (before !== undefined && !isHead) yield JSON.parse(before);
    if (before !== undefined) isHead = false;
    before = line;
  }
}
