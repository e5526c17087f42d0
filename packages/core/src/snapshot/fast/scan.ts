import { canonical } from "../../platform/moment/index.ts";
import type { Table } from "../series.ts";
import { maxDictionarySize, type Series, seriesOf } from "../series.ts";

/*
 * Rows straight from the bytes of a JSON list into series. JSON.parse makes an object and a dozen boxes of each row, and
 * text of all bytes before that; an import of 100,000 assets spent half of its time there. What is read here is only what
 * ESI plainly writes: a list of flat objects without blanks, texts in ASCII without escapes. At the first thing that is
 * anything else the scan gives up, and JSON.parse and the schema decide as they always do; a test holds the two together.
 */

/** A column to be read. An integer is a safe one, a number any that JSON can write, a moment one in its stored form. */
export interface Field {
  name: string;
  kind: "integer" | "number" | "text" | "boolean" | "moment";
  /** Rows may lack it, or have null: it is null there. */
  optional: boolean;
}

const byte = {
  space: 0x20,
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  zero: 0x30,
  e: 0x65,
  upperE: 0x45,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openRow: 0x7b,
  closeRow: 0x7d,
  lastAscii: 0x7e,
} as const;

/** Instead of a position: this is nothing that the scan reads. */
const unexpected = -1;
/** More digits may stand for a number that a double does not hold. */
const mostDigits = 15;
const absent = 0xffff_ffff;
const firstCapacity = 1_024;

/** What has been read of one column. `read` takes the value at a position for a row and returns where it ends. */
interface Reader {
  read: (bytes: Buffer, at: number, row: number) => number;
  grow: (capacity: number) => void;
  series: (rows: number) => Series;
}

const isDigit = (value: number | undefined): boolean => value !== undefined && value >= 0x30 && value <= 0x39;

const belongsToNumber = (value: number | undefined): boolean =>
  isDigit(value) ||
  value === byte.dot ||
  value === byte.e ||
  value === byte.upperE ||
  value === byte.plus ||
  value === byte.minus;

class NumberReader implements Reader {
  readonly #field: Field;
  #values = new Float64Array(firstCapacity);
  #count = 0;

  constructor(field: Field) {
    this.#field = field;
    if (field.optional) this.#values.fill(Number.NaN);
  }

  read(bytes: Buffer, at: number, row: number): number {
    const start = bytes[at] === byte.minus ? at + 1 : at;
    let end = start;
    let value = 0;
    let digit = (bytes[end] as number) - byte.zero;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      end += 1;
      digit = (bytes[end] as number) - byte.zero;
    }
    if (belongsToNumber(bytes[end]) || end - start > mostDigits) return this.#readAny(bytes, at, row);
    if (end === start || (bytes[start] === byte.zero && end - start > 1)) return unexpected;
    this.#values[row] = start === at ? value : -value;
    this.#count += 1;
    return end;
  }

  /** A fraction, an exponent, or more digits than are safe to add up. */
  #readAny(bytes: Buffer, at: number, row: number): number {
    if (this.#field.kind === "integer") return unexpected;
    let end = at;
    while (belongsToNumber(bytes[end])) end += 1;
    try {
      const value = JSON.parse(bytes.toString("latin1", at, end)) as number;
      if (!Number.isFinite(value)) return unexpected;
      this.#values[row] = value;
      this.#count += 1;
      return end;
    } catch {
      return unexpected;
    }
  }

  grow(capacity: number): void {
    const values = new Float64Array(capacity);
    if (this.#field.optional) values.fill(Number.NaN);
    values.set(this.#values);
    this.#values = values;
  }

  series(rows: number): Series {
    const numbers = this.#values.subarray(0, rows);
    if (this.#count === rows) return { kind: "numbers", numbers };
    return seriesOf(Array.from(numbers, (value) => (Number.isNaN(value) ? null : value)));
  }
}

/** Values that come again and again, in dictionary encoding. */
abstract class DictionaryReader implements Reader {
  protected readonly dictionary: unknown[] = [];
  readonly #isOptional: boolean;
  #indices = new Uint32Array(firstCapacity);
  #count = 0;

  constructor({ optional }: Field) {
    this.#isOptional = optional;
    if (optional) this.#indices.fill(absent);
  }

  abstract read(bytes: Buffer, at: number, row: number): number;

  protected keep(row: number, index: number): void {
    this.#indices[row] = index;
    this.#count += 1;
  }

  grow(capacity: number): void {
    const indices = new Uint32Array(capacity);
    if (this.#isOptional) indices.fill(absent);
    indices.set(this.#indices);
    this.#indices = indices;
  }

  series(rows: number): Series {
    const indices = this.#indices.subarray(0, rows);
    if (this.#count < rows) {
      const none = this.dictionary.push(null) - 1;
      for (let row = 0; row < rows; row += 1) if (indices[row] === absent) indices[row] = none;
    }
    if (this.dictionary.length <= maxDictionarySize(rows))
      return { kind: "dictionary", dictionary: this.dictionary, indices };
    return { kind: "plain", values: Array.from(indices, (index) => this.dictionary[index]) };
  }
}

class TextReader extends DictionaryReader {
  readonly #known = new Map<number, number>();
  readonly #isMoment: boolean;
  #lastHash = 0;
  #lastIndex: number | undefined;

  constructor(field: Field) {
    super(field);
    this.#isMoment = field.kind === "moment";
  }

  read(bytes: Buffer, at: number, row: number): number {
    if (bytes[at] !== byte.quote) return unexpected;
    const start = at + 1;
    let end = start;
    let hash = 0;
    for (let value = bytes[end]; value !== byte.quote; value = bytes[end]) {
      if (value === undefined || value < byte.space || value > byte.lastAscii || value === byte.backslash) {
        return unexpected;
      }
      hash = (Math.imul(hash, 31) + value) | 0;
      end += 1;
    }
    const index = this.#indexOf(bytes, { start, end, hash });
    if (index === unexpected) return unexpected;
    this.keep(row, index);
    return end + 1;
  }

  #indexOf(bytes: Buffer, { start, end, hash }: { start: number; end: number; hash: number }): number {
    const known = hash === this.#lastHash ? this.#lastIndex : this.#known.get(hash);
    // Two texts of one hash in a page: so rare that giving up is cheaper than being ready for it.
    if (known !== undefined && !isText(this.dictionary[known] as string, bytes, start, end)) return unexpected;
    const text = known === undefined ? bytes.toString("latin1", start, end) : "";
    if (known === undefined && this.#isMoment && canonical(text) !== text) return unexpected;
    const index = known ?? this.dictionary.push(text) - 1;
    if (known === undefined) this.#known.set(hash, index);
    this.#lastHash = hash;
    this.#lastIndex = index;
    return index;
  }
}

function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}

const nullBytes = Buffer.from("null");
const truths = [true, false].map((value) => ({ value, bytes: Buffer.from(String(value)) }));

const begins = (bytes: Buffer, at: number, expected: Uint8Array): boolean => {
  for (let index = 0; index < expected.length; index += 1) if (bytes[at + index] !== expected[index]) return false;
  return true;
};

class BooleanReader extends DictionaryReader {
  read(bytes: Buffer, at: number, row: number): number {
    const found = truths.find((truth) => begins(bytes, at, truth.bytes));
    if (!found) return unexpected;
    const known = this.dictionary.indexOf(found.value);
    this.keep(row, known < 0 ? this.dictionary.push(found.value) - 1 : known);
    return at + found.bytes.length;
  }
}

const readerOf = (field: Field): Reader => {
  if (field.kind === "text" || field.kind === "moment") return new TextReader(field);
  return field.kind === "boolean" ? new BooleanReader(field) : new NumberReader(field);
};

/** `"name":` in JSON, also as integers of four bytes: most of a page is names, and so they are compared in a quarter of the time. */
interface Label {
  bytes: Uint8Array;
  quads: Int32Array;
}

function labelOf({ name }: Field): Label {
  const bytes = Buffer.from(`${JSON.stringify(name)}:`);
  const quads = Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readInt32LE(index * 4));
  return { bytes, quads: Int32Array.from(quads) };
}

/** One page being read. */
class Scan {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #labels: readonly Label[];
  readonly #readers: readonly Reader[];
  /** For each column the one that came after it the last time. */
  readonly #next: Int32Array;
  /** The row, counted from 1, in which each column was seen last. */
  readonly #seenIn: Int32Array;
  readonly #required: readonly number[];
  readonly #optional: readonly boolean[];
  #column: number;
  #capacity = firstCapacity;
  rows = 0;

  constructor(bytes: Buffer, fields: readonly Field[], labels: readonly Label[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#labels = labels;
    this.#readers = fields.map(readerOf);
    this.#next = Int32Array.from(fields, (_, index) => (index + 1) % fields.length);
    this.#seenIn = new Int32Array(fields.length);
    this.#required = fields.flatMap(({ optional }, index) => (optional ? [] : [index]));
    this.#optional = fields.map(({ optional }) => optional);
    this.#column = fields.length - 1;
  }

  /** Whether everything was as expected. */
  run(): boolean {
    const bytes = this.#bytes;
    if (bytes[0] !== byte.openList) return false;
    if (bytes[1] === byte.closeList) return bytes.length === 2;
    let at = 0;
    do {
      at = this.#row(at + 1);
      if (at === unexpected) return false;
    } while (bytes[at] === byte.comma);
    return bytes[at] === byte.closeList && at + 1 === bytes.length;
  }

  series(): Series[] {
    return this.#readers.map((reader) => reader.series(this.rows));
  }

  /** Reads the row at a position; returns where it ends. */
  #row(from: number): number {
    const bytes = this.#bytes;
    if (bytes[from] !== byte.openRow) return unexpected;
    if (this.rows === this.#capacity) this.#grow();
    let at = from;
    do {
      at = this.#label(at + 1);
      if (at === unexpected || this.#seenIn[this.#column] === this.rows + 1) return unexpected;
      this.#seenIn[this.#column] = this.rows + 1;
      const end = (this.#readers[this.#column] as Reader).read(bytes, at, this.rows);
      at = end === unexpected ? this.#null(at) : end;
      if (at === unexpected) return unexpected;
    } while (bytes[at] === byte.comma);
    this.rows += 1;
    for (const column of this.#required) if (this.#seenIn[column] !== this.rows) return unexpected;
    return bytes[at] === byte.closeRow ? at + 1 : unexpected;
  }

  /** Where the null at a position ends: an optional field that has one is as good as absent. */
  #null(at: number): number {
    const isNull = this.#optional[this.#column] && begins(this.#bytes, at, nullBytes);
    return isNull ? at + nullBytes.length : unexpected;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const reader of this.#readers) reader.grow(this.#capacity);
  }

  /** Which column's name stands at a position: most likely the one that came next in the row before. Where it ends. */
  #label(at: number): number {
    const before = this.#column;
    let column = this.#next[before] as number;
    for (let tries = 0; tries < this.#labels.length; tries += 1) {
      const label = this.#labels[column] as Label;
      if (this.#isAt(at, label)) {
        this.#next[before] = column;
        this.#column = column;
        return at + label.bytes.length;
      }
      column = (column + 1) % this.#labels.length;
    }
    return unexpected;
  }

  #isAt(at: number, { bytes, quads }: Label): boolean {
    if (at + bytes.length > this.#bytes.length) return false;
    for (let index = 0; index < quads.length; index += 1) {
      if (this.#view.getInt32(at + index * 4, true) !== quads[index]) return false;
    }
    for (let index = quads.length * 4; index < bytes.length; index += 1) {
      if (this.#bytes[at + index] !== bytes[index]) return false;
    }
    return true;
  }
}

/** Reads a page of rows that have these fields and no others; undefined unless each byte of it is as expected. */
export function scannerOf(fields: readonly Field[]): (bytes: Buffer) => Table | undefined {
  const labels = fields.map(labelOf);
  return (bytes) => {
    const scan = new Scan(bytes, fields, labels);
    if (!scan.run()) return undefined;
    const series = scan.series();
    return {
      series: Object.fromEntries(fields.map(({ name }, index) => [name, series[index] as Series])),
      length: scan.rows,
    };
  };
}
