import { promisify } from "node:util";
import * as Zlib from "node:zlib";

/** Room for what comes out at once: asked for more every 16 KB, as zlib does by itself, the main thread is kept busy. */
const roomFor = (bytes: number): number => Math.max(16_384, Math.min(4_194_304, bytes));

const zip = promisify(Zlib.gzip) as (bytes: Uint8Array | string, options: Zlib.ZlibOptions) => Promise<Buffer>;
const unzip = promisify(Zlib.gunzip) as (bytes: Uint8Array, options: Zlib.ZlibOptions) => Promise<Buffer>;

/** Compresses in another thread; `level` is zlib's, 1 (fast) to 9 (small). */
export const gzip = (bytes: Uint8Array | string, level: number): Promise<Buffer> =>
  zip(bytes, { level, chunkSize: roomFor(bytes.length / 2) });

/** The last four bytes of a gzip stream say how long its content is. */
export const gunzip = (bytes: Uint8Array): Promise<Buffer> =>
  unzip(bytes, {
    chunkSize: roomFor(Buffer.from(bytes.buffer, bytes.byteOffset).readUInt32LE(bytes.byteLength - 4)),
  });

/**
 * A value as gzipped JSON, for an attribute that nobody queries.
 * @example await unpackJson([await packJson({ a: 1 })]) // { a: 1 }
 */
export const packJson = async (value: unknown): Promise<Uint8Array> => gzip(JSON.stringify(value), 6);

/** The value of one packed blob, which may come in parts. */
export const unpackJson = async (parts: Uint8Array[]): Promise<unknown> =>
  JSON.parse((await gunzip(Buffer.concat(parts))).toString());
