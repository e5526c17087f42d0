import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Row = Record<string, unknown>;
export type Column = unknown[];
export type Columns = Record<string, Column>;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** One column on disk: constant, ascending integers as differences, texts by dictionary, or the plain values. */
type Encoded =
  | { kind: "constant"; value: unknown }
  | { kind: "ascending"; steps: number[] }
  | { kind: "dictionary"; words: string[]; at: (number | null)[] }
  | { kind: "plain"; values: unknown[] };

interface Packed {
  rows: number;
  columns: Record<string, Encoded>;
}

const isScalar = (value: unknown) => typeof value !== "object" || value === null;

function asAscending(column: Column): Encoded | undefined {
  const steps: number[] = new Array(column.length);
  let previous = 0;
  for (let index = 0; index < column.length; index += 1) {
    const value = column[index];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < previous) return undefined;
    steps[index] = value - previous;
    previous = value;
  }
  return { kind: "ascending", steps };
}

function asDictionary(column: Column): Encoded | undefined {
  const words = new Map<string, number>();
  const at: (number | null)[] = new Array(column.length);
  const limit = Math.max(16, column.length / 2);
  for (let index = 0; index < column.length; index += 1) {
    const value = column[index];
    if (value === null || value === undefined) {
      at[index] = null;
      continue;
    }
    if (typeof value !== "string") return undefined;
    let word = words.get(value);
    if (word === undefined) {
      if (words.size > limit) return undefined;
      word = words.size;
      words.set(value, word);
    }
    at[index] = word;
  }
  return { kind: "dictionary", words: [...words.keys()], at };
}

function encode(column: Column): Encoded {
  const first = column[0] ?? null;
  if (column.length > 0 && isScalar(first) && column.every((value) => (value ?? null) === first)) {
    return { kind: "constant", value: first };
  }
  return asAscending(column) ?? asDictionary(column) ?? { kind: "plain", values: column };
}

function decode(encoded: Encoded, rows: number): Column {
  switch (encoded.kind) {
    case "constant":
      return new Array(rows).fill(encoded.value);
    case "ascending": {
      let value = 0;
      return encoded.steps.map((step) => (value += step));
    }
    case "dictionary":
      return encoded.at.map((word) => (word === null ? null : (encoded.words[word] ?? null)));
    case "plain":
      return encoded.values;
  }
}

/** Rows `from` (inclusive) to `to` (exclusive) of columns, packed by column and gzipped. Absent values become null. */
export async function pack(columns: Columns, from: number, to: number): Promise<Uint8Array> {
  const packed: Packed = { rows: to - from, columns: {} };
  for (const [name, column] of Object.entries(columns)) packed.columns[name] = encode(column.slice(from, to));
  return compress(JSON.stringify(packed), { level: 5 });
}

/** The columns of several packed blobs, one after the other. */
export async function unpack(blobs: Uint8Array[]): Promise<Columns> {
  const opened = await Promise.all(
    blobs.map(async (blob) => JSON.parse((await decompress(blob)).toString()) as Packed),
  );
  const only = opened[0];
  if (only && opened.length === 1) {
    return Object.fromEntries(Object.entries(only.columns).map(([name, column]) => [name, decode(column, only.rows)]));
  }
  const columns: Columns = {};
  for (const name of new Set(opened.flatMap((part) => Object.keys(part.columns)))) {
    columns[name] = opened.flatMap((part) => {
      const column = part.columns[name];
      return column ? decode(column, part.rows) : new Array(part.rows).fill(null);
    });
  }
  return columns;
}

export const packJson = async (value: unknown): Promise<Uint8Array> => compress(JSON.stringify(value), { level: 5 });
export const unpackJson = async (blobs: Uint8Array[]): Promise<unknown> =>
  JSON.parse((await decompress(Buffer.concat(blobs))).toString());
