import { columnize, isAscending, orderOf } from "./fast/index.ts";
import { at, type Columns, concat, pick, type Row, type Series, seriesOf, type Table, valuesOf } from "./series.ts";
import { type Key, keyOf, type Shape } from "./shape.ts";

const mapped = <From, To>(of: Readonly<Record<string, From>>, body: (each: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(of).map(([name, each]) => [name, body(each)]));

export const columnsOf = ({ series }: Table): Columns => mapped(series, valuesOf);

export const tableFrom = (columns: Columns, length: number): Table => ({ series: mapped(columns, seriesOf), length });

export const tableOf = (shape: Shape, rows: readonly Row[]): Table => tableFrom(columnize(shape, rows), rows.length);

/** Several tables as one, in their order. */
export function join(shape: Shape, tables: readonly Table[]): Table {
  const [only] = tables;
  if (only && tables.length === 1) return only;
  const whole = (name: string) => concat(tables.map(({ series }) => series[name] as Series));
  return {
    series: Object.fromEntries(shape.columns.map((name) => [name, whole(name)])),
    length: tables.reduce((sum, table) => sum + table.length, 0),
  };
}

function keysOf(shape: Shape, { series, length }: Table): Float64Array | Key[] {
  const only = shape.key.length === 1 ? series[shape.key[0] as string] : undefined;
  if (only?.kind === "numbers") return only.numbers;
  const value = (index: number) => (name: string) => at(series[name] as Series, index);
  return Array.from({ length }, (_, index) => keyOf(shape, value(index)));
}

/** The same rows in ascending order of their keys; of two with one key the last one counts. */
export function inOrder(shape: Shape, table: Table): Table {
  const keys = keysOf(shape, table);
  if (isAscending(keys)) return table;
  const order = orderOf(keys);
  return { series: mapped(table.series, (each) => pick(each, order)), length: order.length };
}
