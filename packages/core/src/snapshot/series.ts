export type Row = Record<string, unknown>;
export type Column = unknown[];
export type Columns = Record<string, Column>;

/** A column as tightly as its values allow, so that joining, ordering and packing a hundred thousand rows moves few bytes. */
export type Series =
  | { kind: "numbers"; numbers: Float64Array<ArrayBuffer> }
  /** Few distinct values, no object among them: the value of row `n` is `dictionary[indices[n]]`. */
  | { kind: "dictionary"; dictionary: readonly unknown[]; indices: Uint32Array<ArrayBuffer> }
  | { kind: "plain"; values: Column };

export const lengthOf = (series: Series): number => {
  if (series.kind === "numbers") return series.numbers.length;
  return series.kind === "dictionary" ? series.indices.length : series.values.length;
};

export function at(series: Series, index: number): unknown {
  if (series.kind === "numbers") return series.numbers[index];
  return series.kind === "dictionary" ? series.dictionary[series.indices[index] as number] : series.values[index];
}

function asNumbers(values: Column): Series | undefined {
  const numbers = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (typeof value !== "number") return undefined;
    numbers[index] = value;
  }
  return { kind: "numbers", numbers };
}

/** A dictionary with more than one value for every three rows does not pay. */
export const maxDictionarySize = (rows: number): number => Math.max(16, rows / 3);

/** Absent values become null. Undefined where there are objects, or more than a few distinct values. */
export function asDictionary(values: ArrayLike<unknown>): (Series & { kind: "dictionary" }) | undefined {
  const known = new Map<unknown, number>();
  const indices = new Uint32Array(values.length);
  const limit = maxDictionarySize(values.length);
  let last: unknown;
  let position: number | undefined;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    // Neighbours are often alike: that spares most of the look-ups.
    if (value !== last) position = known.get(value);
    if (position === undefined) {
      if (known.size >= limit || (typeof value === "object" && value !== null)) return undefined;
      position = known.size;
      known.set(value, position);
    }
    indices[index] = position;
    last = value;
  }
  return { kind: "dictionary", dictionary: [...known.keys()], indices };
}

export const seriesOf = (values: Column): Series =>
  asNumbers(values) ?? asDictionary(values) ?? { kind: "plain", values };

export function valuesOf(series: Series): Column {
  if (series.kind === "plain") return series.values;
  const length = lengthOf(series);
  const values: Column = new Array(length);
  if (series.kind === "numbers") {
    for (let index = 0; index < length; index += 1) values[index] = series.numbers[index];
  } else {
    for (let index = 0; index < length; index += 1) values[index] = series.dictionary[series.indices[index] as number];
  }
  return values;
}

type Numbers = Series & { kind: "numbers" };
type Dictionaries = Series & { kind: "dictionary" };

function joinNumbers(pieces: readonly Numbers[], length: number): Numbers {
  const numbers = new Float64Array(length);
  let next = 0;
  for (const piece of pieces) {
    numbers.set(piece.numbers, next);
    next += piece.numbers.length;
  }
  return { kind: "numbers", numbers };
}

function joinDictionaries(pieces: readonly Dictionaries[], length: number): Dictionaries {
  const known = new Map<unknown, number>();
  const indices = new Uint32Array(length);
  let next = 0;
  for (const piece of pieces) {
    const joined = piece.dictionary.map((value) => {
      const position = known.get(value) ?? known.size;
      known.set(value, position);
      return position;
    });
    for (let index = 0; index < piece.indices.length; index += 1) {
      indices[next + index] = joined[piece.indices[index] as number] as number;
    }
    next += piece.indices.length;
  }
  return { kind: "dictionary", dictionary: [...known.keys()], indices };
}

const isAll = <Kind extends Series["kind"]>(
  pieces: readonly Series[],
  kind: Kind,
): pieces is readonly (Series & { kind: Kind })[] => pieces.every((piece) => piece.kind === kind);

/** Several series as one, in their order. */
export function concat(pieces: readonly Series[]): Series {
  const some = pieces.filter((piece) => lengthOf(piece) > 0);
  const length = some.reduce((sum, piece) => sum + lengthOf(piece), 0);
  if (isAll(some, "numbers")) return joinNumbers(some, length);
  if (isAll(some, "dictionary")) return joinDictionaries(some, length);
  return { kind: "plain", values: ([] as Column).concat(...some.map(valuesOf)) };
}

/** The rows at these positions, in this order. */
export function pick(series: Series, order: Uint32Array): Series {
  const { length } = order;
  if (series.kind === "numbers") {
    const numbers = new Float64Array(length);
    for (let index = 0; index < length; index += 1) numbers[index] = series.numbers[order[index] as number] as number;
    return { kind: "numbers", numbers };
  }
  if (series.kind === "dictionary") {
    const indices = new Uint32Array(length);
    for (let index = 0; index < length; index += 1) indices[index] = series.indices[order[index] as number] as number;
    return { ...series, indices };
  }
  const values: Column = new Array(length);
  for (let index = 0; index < length; index += 1) values[index] = series.values[order[index] as number];
  return { kind: "plain", values };
}

/** Rows `from` (inclusive) to `to` (exclusive). */
export function slice(series: Series, from: number, to: number): Series {
  if (series.kind === "numbers") return { kind: "numbers", numbers: series.numbers.subarray(from, to) };
  if (series.kind === "dictionary") return { ...series, indices: series.indices.subarray(from, to) };
  return { kind: "plain", values: series.values.slice(from, to) };
}

/** Rows by column, in any order: what a fetch hands to a commit, and a commit packs. */
export interface Table {
  series: Readonly<Record<string, Series>>;
  length: number;
}
