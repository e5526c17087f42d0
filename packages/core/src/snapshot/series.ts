export type Row = Record<string, unknown>;
export type Column = unknown[];
export type Columns = Record<string, Column>;

/** A column as tightly as its values allow, so that joining, ordering and packing a hundred thousand rows moves few bytes. */
export type Series =
  | { kind: "numbers"; numbers: Float64Array<ArrayBuffer> }
  /** Few distinct values, no object among them: where each row's stands among the words. */
  | { kind: "words"; words: readonly unknown[]; codes: Uint32Array<ArrayBuffer> }
  | { kind: "plain"; values: Column };

export const lengthOf = (series: Series): number => {
  if (series.kind === "numbers") return series.numbers.length;
  return series.kind === "words" ? series.codes.length : series.values.length;
};

export function at(series: Series, index: number): unknown {
  if (series.kind === "numbers") return series.numbers[index];
  return series.kind === "words" ? series.words[series.codes[index] as number] : series.values[index];
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

/** More than one distinct value in three rows is not few. */
export const fewWords = (rows: number): number => Math.max(16, rows / 3);

/** Absent values become null. Undefined where there are objects, or more than a few distinct values. */
export function asWords(values: ArrayLike<unknown>): (Series & { kind: "words" }) | undefined {
  const known = new Map<unknown, number>();
  const codes = new Uint32Array(values.length);
  const limit = fewWords(values.length);
  let last: unknown;
  let code: number | undefined;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    // Neighbours are often alike: that spares most of the look-ups.
    if (value !== last) code = known.get(value);
    if (code === undefined) {
      if (known.size >= limit || (typeof value === "object" && value !== null)) return undefined;
      code = known.size;
      known.set(value, code);
    }
    codes[index] = code;
    last = value;
  }
  return { kind: "words", words: [...known.keys()], codes };
}

export const seriesOf = (values: Column): Series => asNumbers(values) ?? asWords(values) ?? { kind: "plain", values };

export function valuesOf(series: Series): Column {
  if (series.kind === "plain") return series.values;
  const length = lengthOf(series);
  const values: Column = new Array(length);
  if (series.kind === "numbers") {
    for (let index = 0; index < length; index += 1) values[index] = series.numbers[index];
  } else {
    for (let index = 0; index < length; index += 1) values[index] = series.words[series.codes[index] as number];
  }
  return values;
}

type Numbers = Series & { kind: "numbers" };
type Words = Series & { kind: "words" };

function joinNumbers(pieces: readonly Numbers[], length: number): Numbers {
  const numbers = new Float64Array(length);
  let next = 0;
  for (const piece of pieces) {
    numbers.set(piece.numbers, next);
    next += piece.numbers.length;
  }
  return { kind: "numbers", numbers };
}

function joinWords(pieces: readonly Words[], length: number): Words {
  const known = new Map<unknown, number>();
  const codes = new Uint32Array(length);
  let next = 0;
  for (const piece of pieces) {
    const joined = piece.words.map((word) => {
      const code = known.get(word) ?? known.size;
      known.set(word, code);
      return code;
    });
    for (let index = 0; index < piece.codes.length; index += 1) {
      codes[next + index] = joined[piece.codes[index] as number] as number;
    }
    next += piece.codes.length;
  }
  return { kind: "words", words: [...known.keys()], codes };
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
  if (isAll(some, "words")) return joinWords(some, length);
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
  if (series.kind === "words") {
    const codes = new Uint32Array(length);
    for (let index = 0; index < length; index += 1) codes[index] = series.codes[order[index] as number] as number;
    return { ...series, codes };
  }
  const values: Column = new Array(length);
  for (let index = 0; index < length; index += 1) values[index] = series.values[order[index] as number];
  return { kind: "plain", values };
}

/** Rows `from` (inclusive) to `to` (exclusive). */
export function slice(series: Series, from: number, to: number): Series {
  if (series.kind === "numbers") return { kind: "numbers", numbers: series.numbers.subarray(from, to) };
  if (series.kind === "words") return { ...series, codes: series.codes.subarray(from, to) };
  return { kind: "plain", values: series.values.slice(from, to) };
}
