import { gunzip, gzip } from "../platform/gzip/index.ts";
import type { Table } from "./series.ts";
import { asDictionary, type Column, type Columns, lengthOf, type Series, seriesOf, slice } from "./series.ts";

/*
 * A blob is gzip(length of the header as u32, header as JSON, segments). The header says how each column is written; a
 * column with a segment takes the next `rows` numbers of its width. Numbers are little-endian. Absent values become null.
 */
const widths = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const;
type Width = keyof typeof widths;

/** Names that these encodings bear in stored headers: they never change. */
const stored = { frameOfReference: "offsets", delta: "steps", dictionary: "words" } as const;

type Encoded =
  | { kind: "constant"; value: unknown }
  /** Whole numbers from `base` up. */
  | { kind: typeof stored.frameOfReference; base: number; width: Width }
  /** Whole numbers, each not less than the one before: the first, and the difference to the one before (0 at first). */
  | { kind: typeof stored.delta; first: number; width: Width }
  /** Few distinct values: the segment holds positions among them. */
  | { kind: typeof stored.dictionary; words: unknown[]; width: Width }
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

/** What can be said of numbers. */
interface Survey {
  whole: boolean;
  ascending: boolean;
  min: number;
  max: number;
  largestDelta: number;
}

function survey(numbers: Float64Array<ArrayBuffer>): Survey {
  const found: Survey = { whole: true, ascending: true, min: Infinity, max: -Infinity, largestDelta: 0 };
  let previous = numbers[0] as number;
  for (const value of numbers) {
    if (!Number.isSafeInteger(value)) found.whole = false;
    if (value < previous) found.ascending = false;
    else if (value - previous > found.largestDelta) found.largestDelta = value - previous;
    if (value < found.min) found.min = value;
    if (value > found.max) found.max = value;
    previous = value;
  }
  return found;
}

function encodeDelta(numbers: Float64Array<ArrayBuffer>, { largestDelta }: Survey): Part {
  const width = widthFor(largestDelta);
  const segment = new widths[width](numbers.length);
  for (let at = 1; at < numbers.length; at += 1) segment[at] = (numbers[at] as number) - (numbers[at - 1] as number);
  return { encoded: { kind: stored.delta, first: numbers[0] as number, width }, segment };
}

function encodeFrameOfReference(numbers: Float64Array<ArrayBuffer>, { min, max }: Survey): Part {
  const width = widthFor(max - min);
  const segment = new widths[width](numbers.length);
  for (let at = 0; at < numbers.length; at += 1) segment[at] = (numbers[at] as number) - min;
  return { encoded: { kind: stored.frameOfReference, base: min, width }, segment };
}

/** Keeps only the values that these rows use, in the order in which they first do. */
function encodeDictionary({ dictionary, indices }: Series & { kind: "dictionary" }): Part {
  const places = new Int32Array(dictionary.length).fill(-1);
  const used: unknown[] = [];
  const segment = new Uint32Array(indices.length);
  for (let at = 0; at < indices.length; at += 1) {
    const index = indices[at] as number;
    if ((places[index] as number) < 0) places[index] = used.push(dictionary[index]) - 1;
    segment[at] = places[index] as number;
  }
  if (used.length <= 1) return { encoded: { kind: "constant", value: used[0] ?? null } };
  const width = widthFor(used.length);
  return { encoded: { kind: stored.dictionary, words: used, width }, segment: new widths[width](segment) };
}

function encodeNumbers(numbers: Float64Array<ArrayBuffer>): Part {
  const found = survey(numbers);
  if (found.min === found.max) return { encoded: { kind: "constant", value: found.min } };
  if (found.whole && found.ascending) return encodeDelta(numbers, found);
  if (found.whole && found.max - found.min < 2 ** 32) return encodeFrameOfReference(numbers, found);
  const dictionary = asDictionary(numbers);
  return dictionary ? encodeDictionary(dictionary) : { encoded: { kind: "numbers" }, segment: numbers };
}

function encode(series: Series): Part {
  // Other rows of the column were more diverse: these may be numbers, or few values.
  const found = series.kind === "plain" ? seriesOf(series.values) : series;
  if (found.kind === "plain") return { encoded: found };
  if (lengthOf(found) === 0) return { encoded: { kind: "constant", value: null } };
  return found.kind === "numbers" ? encodeNumbers(found.numbers) : encodeDictionary(found);
}

function decode(encoded: Encoded, rows: number, segment: ArrayLike<number>): Column {
  const column: Column = new Array(rows);
  switch (encoded.kind) {
    case "constant":
      return column.fill(encoded.value);
    case stored.frameOfReference:
      for (let at = 0; at < rows; at += 1) column[at] = (segment[at] as number) + encoded.base;
      return column;
    case stored.delta: {
      let value = encoded.first;
      for (let at = 0; at < rows; at += 1) column[at] = value += segment[at] as number;
      return column;
    }
    case stored.dictionary:
      for (let at = 0; at < rows; at += 1) column[at] = encoded.words[segment[at] as number];
      return column;
    case "numbers":
      for (let at = 0; at < rows; at += 1) column[at] = segment[at];
      return column;
    case "plain":
      return encoded.values;
  }
}

/** Rows `from` (inclusive) to `to` (exclusive), packed by column and gzipped. */
export async function pack({ series }: Table, from: number, to: number): Promise<Uint8Array> {
  const header: Header = { rows: to - from, columns: {} };
  const segments: Uint8Array[] = [];
  for (const [name, each] of Object.entries(series)) {
    const { encoded, segment } = encode(slice(each, from, to));
    header.columns[name] = encoded;
    if (segment) segments.push(new Uint8Array(segment.buffer, segment.byteOffset, segment.byteLength));
  }
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  return gzip(Buffer.concat([length, text, ...segments]), 2);
}

const widthOf = (encoded: Encoded): Width | undefined =>
  encoded.kind === "numbers" ? "f64" : "width" in encoded ? encoded.width : undefined;

async function unpackOne(blob: Uint8Array): Promise<{ rows: number; columns: Columns }> {
  const bytes = await gunzip(blob);
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

/** A DynamoDB item holds at most 400 KB; keys and the other attributes need little. */
const maxBlobBytes = 380_000;

/** Rows per chunk to begin with; a chunk that comes out too large is halved. */
const rowsPerChunk = 25_000;

async function packRange(table: Table, from: number, to: number): Promise<Uint8Array[]> {
  const blob = await pack(table, from, to);
  if (blob.byteLength <= maxBlobBytes) return [blob];
  if (to - from <= 1) throw new Error(`one row packs to ${blob.byteLength} bytes, more than an item holds`);
  const middle = from + Math.floor((to - from) / 2);
  return (await Promise.all([packRange(table, from, middle), packRange(table, middle, to)])).flat();
}

/**
 * Packs all rows into blobs that each fit an item: a promise for each range, nearly always of one blob. They are compressed
 * side by side in other threads.
 */
export function packAll(table: Table): Promise<Uint8Array[]>[] {
  const count = Math.max(1, Math.ceil(table.length / rowsPerChunk));
  const packing = Array.from({ length: count }, (_, index) =>
    packRange(table, index * rowsPerChunk, Math.min(table.length, (index + 1) * rowsPerChunk)),
  );
  // Whoever writes them waits for one after the other: a failure of a later one is not unhandled until then.
  void Promise.allSettled(packing);
  return packing;
}

/** Cuts one blob into parts that each fit an item. */
export const cut = (blob: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.max(1, Math.ceil(blob.byteLength / maxBlobBytes)) }, (_, part) =>
    blob.subarray(part * maxBlobBytes, (part + 1) * maxBlobBytes),
  );

export const totalBytes = (blobs: Uint8Array[]): number => blobs.reduce((sum, blob) => sum + blob.byteLength, 0);
