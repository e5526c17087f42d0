import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";

export type Row = Record<string, unknown>;
export type Column = unknown[];
export type Columns = Record<string, Column>;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/*
 * A blob is gzip(length of the header as u32, header as JSON, segments). The header says how each column is written; a
 * column with a segment takes the next `rows` numbers of its width. Numbers are little-endian. Absent values become null.
 */
const widths = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const;
type Width = keyof typeof widths;

type Encoded =
  | { kind: "constant"; value: unknown }
  /** Whole numbers from `base` up. */
  | { kind: "offsets"; base: number; width: Width }
  /** Whole numbers, each not less than the one before: the first, and the difference to the one before (0 at first). */
  | { kind: "steps"; first: number; width: Width }
  /** Few distinct values: the segment holds positions among them. */
  | { kind: "words"; words: unknown[]; width: Width }
  | { kind: "numbers" }
  | { kind: "plain"; values: unknown[] };

interface Header {
  rows: number;
  columns: Record<string, Encoded>;
}

interface Part {
  encoded: Encoded;
  segment?: InstanceType<(typeof widths)[Width]>;
}

const widthFor = (max: number): Width => (max < 2 ** 8 ? "u8" : max < 2 ** 16 ? "u16" : max < 2 ** 32 ? "u32" : "f64");

/** What can be said of a column that holds nothing but numbers. */
interface Numbers {
  whole: boolean;
  ascending: boolean;
  min: number;
  max: number;
  longestStep: number;
}

function survey(column: Column): Numbers | undefined {
  const found: Numbers = { whole: true, ascending: true, min: Infinity, max: -Infinity, longestStep: 0 };
  let previous = column[0] as number;
  for (const value of column) {
    if (typeof value !== "number") return undefined;
    if (!Number.isSafeInteger(value)) found.whole = false;
    if (value < previous) found.ascending = false;
    else if (value - previous > found.longestStep) found.longestStep = value - previous;
    if (value < found.min) found.min = value;
    if (value > found.max) found.max = value;
    previous = value;
  }
  return found;
}

function asSteps(column: Column, { longestStep }: Numbers): Part {
  const width = widthFor(longestStep);
  const segment = new widths[width](column.length);
  for (let at = 1; at < column.length; at += 1) segment[at] = (column[at] as number) - (column[at - 1] as number);
  return { encoded: { kind: "steps", first: column[0] as number, width }, segment };
}

function asOffsets(column: Column, { min, max }: Numbers): Part {
  const width = widthFor(max - min);
  const segment = new widths[width](column.length);
  for (let at = 0; at < column.length; at += 1) segment[at] = (column[at] as number) - min;
  return { encoded: { kind: "offsets", base: min, width }, segment };
}

function asWords(column: Column): Part | undefined {
  const known = new Map<unknown, number>();
  const codes = new Uint32Array(column.length);
  const limit = Math.max(16, column.length / 3);
  for (let at = 0; at < column.length; at += 1) {
    const value = column[at] ?? null;
    let code = known.get(value);
    if (code === undefined) {
      if (known.size >= limit || (typeof value === "object" && value !== null)) return undefined;
      code = known.size;
      known.set(value, code);
    }
    codes[at] = code;
  }
  const width = widthFor(known.size);
  return { encoded: { kind: "words", words: [...known.keys()], width }, segment: new widths[width](codes) };
}

function encode(column: Column): Part {
  const first = column[0] ?? null;
  if (typeof first !== "object" || first === null) {
    if (column.every((value) => (value ?? null) === first)) return { encoded: { kind: "constant", value: first } };
  }
  const numbers = survey(column);
  if (numbers?.whole && numbers.ascending) return asSteps(column, numbers);
  if (numbers?.whole && numbers.max - numbers.min < 2 ** 32) return asOffsets(column, numbers);
  const words = asWords(column);
  if (words) return words;
  if (numbers) return { encoded: { kind: "numbers" }, segment: Float64Array.from(column as number[]) };
  return { encoded: { kind: "plain", values: column } };
}

function decode(encoded: Encoded, rows: number, segment: ArrayLike<number>): Column {
  const column: Column = new Array(rows);
  switch (encoded.kind) {
    case "constant":
      return column.fill(encoded.value);
    case "offsets":
      for (let at = 0; at < rows; at += 1) column[at] = (segment[at] as number) + encoded.base;
      return column;
    case "steps": {
      let value = encoded.first;
      for (let at = 0; at < rows; at += 1) column[at] = value += segment[at] as number;
      return column;
    }
    case "words":
      for (let at = 0; at < rows; at += 1) column[at] = encoded.words[segment[at] as number];
      return column;
    case "numbers":
      for (let at = 0; at < rows; at += 1) column[at] = segment[at];
      return column;
    case "plain":
      return encoded.values;
  }
}

/** Rows `from` (inclusive) to `to` (exclusive) of columns, packed by column and gzipped. */
export async function pack(columns: Columns, from: number, to: number): Promise<Uint8Array> {
  const header: Header = { rows: to - from, columns: {} };
  const segments: Uint8Array[] = [];
  for (const [name, column] of Object.entries(columns)) {
    const { encoded, segment } = encode(from === 0 && to === column.length ? column : column.slice(from, to));
    header.columns[name] = encoded;
    if (segment) segments.push(new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength));
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  return compress(Buffer.concat([length, text, ...segments]), { level: 3 });
}

const widthOf = (encoded: Encoded): Width | undefined =>
  encoded.kind === "numbers" ? "f64" : "width" in encoded ? encoded.width : undefined;

async function unpackOne(blob: Uint8Array): Promise<{ rows: number; columns: Columns }> {
  const bytes = await decompress(blob);
  const headerEnd = 4 + bytes.readUInt32LE(0);
  const header = JSON.parse(bytes.toString("utf8", 4, headerEnd)) as Header;
  const columns: Columns = {};
  let next = headerEnd;
  for (const [name, encoded] of Object.entries(header.columns)) {
    const width = widthOf(encoded);
    let segment: ArrayLike<number> = [];
    if (width) {
      const size = header.rows * widths[width].BYTES_PER_ELEMENT;
      // A copy starts at an even address, which the wider views need.
      const copy = Uint8Array.prototype.slice.call(bytes, next, next + size);
      segment = new widths[width](copy.buffer);
      next += size;
    }
    columns[name] = decode(encoded, header.rows, segment);
  }
  return { rows: header.rows, columns };
}

/** The columns of several packed blobs, one after the other. */
export async function unpack(blobs: Uint8Array[]): Promise<Columns> {
  const parts = await Promise.all(blobs.map(unpackOne));
  const [only] = parts;
  if (only && parts.length === 1) return only.columns;
  const columns: Columns = {};
  for (const name of new Set(parts.flatMap((part) => Object.keys(part.columns)))) {
    const pieces = parts.map((part) => part.columns[name] ?? new Array(part.rows).fill(null));
    columns[name] = ([] as Column).concat(...pieces);
  }
  return columns;
}

export const packJson = async (value: unknown): Promise<Uint8Array> => compress(JSON.stringify(value), { level: 6 });
export const unpackJson = async (blobs: Uint8Array[]): Promise<unknown> =>
  JSON.parse((await decompress(Buffer.concat(blobs))).toString());
