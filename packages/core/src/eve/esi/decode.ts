import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from "node:zlib";

/** Far more than the longest answer that ESI has for anybody; a few bytes can be made to unpack to anything. */
export const mostBytes = 32 * 1024 * 1024;

/** A body that came whole and is nothing that can be read; the message says why. */
export class UnreadableError extends Error {
  override readonly name = "UnreadableError";
}

type Decoder = (bytes: Buffer) => Promise<Buffer>;

/** Bounded by what comes out: zlib stops there, so that is all the memory it takes. */
const bounded =
  (decoder: (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>): Decoder =>
  (bytes) =>
    decoder(bytes, { maxOutputLength: mostBytes });

const gzip = bounded(promisify(gunzip) as (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>);
const zlib = bounded(promisify(inflate) as (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>);
const raw = bounded(promisify(inflateRaw) as (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>);

/** RFC 9110 means the zlib format (RFC 1950); some servers send bare deflate data under the same name. */
const deflate: Decoder = (bytes) => (isZlib(bytes) ? zlib : raw)(bytes);
const isZlib = (bytes: Buffer): boolean =>
  bytes.length > 1 && ((bytes[0] as number) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip,
  "x-gzip": gzip,
  deflate,
  br: bounded(promisify(brotliDecompress) as (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>),
  identity: async (bytes) => bytes,
};

/** No server has a reason for more; each one is a pass over the whole body. */
const mostEncodings = 4;

const isTooLarge = (error: unknown): boolean => (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE";

/** The body without its content encodings (RFC 9110 section 8.4), the last one first. Throws UnreadableError. */
export async function decode(bytes: Buffer, contentEncoding: string | undefined): Promise<Buffer> {
  if (!contentEncoding || bytes.length === 0) return bytes;
  const names = contentEncoding.split(",").map((name) => name.trim().toLowerCase());
  const wanted = names.filter(Boolean).reverse();
  if (wanted.length > mostEncodings) throw new UnreadableError("it is encoded too often");
  let decoded = bytes;
  for (const name of wanted) {
    const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
    if (!decoder) throw new UnreadableError("it is encoded in a way that is not known");
    try {
      decoded = await decoder(decoded);
    } catch (cause) {
      const why = isTooLarge(cause) ? "its body is too large" : "it is not encoded as it says";
      throw new UnreadableError(why, { cause });
    }
  }
  return decoded;
}
