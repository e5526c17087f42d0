import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Fault } from "./index.ts";

type Json = Record<string, unknown>;

/** Finds the list of an answer: itself, or the only list in a wrapper such as `{ projects, cursor }`. */
function onList(value: unknown, change: (rows: unknown[]) => unknown[]): unknown {
  if (Array.isArray(value)) return change(value);
  if (value === null || typeof value !== "object") return value;
  const entry = Object.entries(value).find(([, part]) => Array.isArray(part));
  return entry ? { ...value, [entry[0]]: change(entry[1] as unknown[]) } : value;
}

/** The answer without any rows. */
export const emptied = (value: unknown): unknown => onList(value, () => []);

/** One row, in the middle, with something where a value must be that is none. */
export function withBadRow(value: unknown): unknown {
  const broken = (row: unknown) => {
    if (row === null || typeof row !== "object") return "broken";
    const [key] = Object.keys(row);
    return key === undefined ? row : { ...(row as Json), [key]: { broken: true } };
  };
  const isList = Array.isArray(value) || Object.values(value as object).some(Array.isArray);
  if (!isList) return broken(value);
  return onList(value, (rows) => {
    const middle = Math.floor(rows.length / 2);
    return rows.map((row, index) => (index === middle ? broken(row) : row));
  });
}

/** A row that stood on the first page stands here once more. */
export const withDuplicate = (value: unknown, first: unknown): unknown => onList(value, (rows) => [...rows, first]);

/** These fields of every row, present or not, are null. */
export function withNulls(value: unknown, optional: readonly string[]): unknown {
  const nulls = Object.fromEntries(optional.map((name) => [name, null]));
  const of = (row: unknown) => (row !== null && typeof row === "object" ? { ...row, ...nulls } : row);
  return Array.isArray(value) ? value.map(of) : of(value);
}

/** The object of a body with another value under a name; any other body as it is. */
export function withField(body: Buffer, { name, value }: Fault["field"]): Buffer {
  const whole: unknown = body.length > 0 ? JSON.parse(body.toString()) : undefined;
  if (whole === null || typeof whole !== "object" || Array.isArray(whole)) return body;
  return Buffer.from(JSON.stringify({ ...whole, [name]: value }));
}

const error = JSON.stringify({ error: "Timeout contacting tranquility" });

const wrong: Record<Fault["body"], (body: Buffer) => string | Buffer> = {
  null: () => "null",
  object: () => "{}",
  list: () => "[[]]",
  text: () => JSON.stringify("Timeout contacting tranquility"),
  number: () => "-1.5",
  error: () => error,
  null_item: () => "[null]",
  html: () => "<html><body>Bad gateway</body></html>",
  empty: () => "",
  no_content: () => "",
  byte_order_mark: (body) => Buffer.concat([Buffer.from("\ufeff"), body]),
};

/** Something else in place of a body. */
export const wrongBody = (kind: Fault["body"], body: Buffer): Buffer => Buffer.from(wrong[kind](body));

const bombBytes = 64 * 1024 * 1024;

/** The body under a Content-Encoding. */
export function encoded(kind: Fault["encoding"], body: Buffer): { name: string; bytes: Buffer } {
  switch (kind) {
    case "GZIP":
    case "x-gzip":
      return { name: kind, bytes: gzipSync(body) };
    case "deflate":
      return { name: kind, bytes: deflateSync(body) };
    case "br":
      return { name: kind, bytes: brotliCompressSync(body) };
    case "gzip, br":
      return { name: kind, bytes: brotliCompressSync(gzipSync(body)) };
    case "bomb":
      return { name: "gzip", bytes: gzipSync(Buffer.alloc(bombBytes, " ")) };
    default:
      return { name: kind, bytes: body };
  }
}
