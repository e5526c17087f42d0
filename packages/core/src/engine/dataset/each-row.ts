import type { Row } from "./index.ts";

/**
 * What `map` makes of each row. A row that it cannot read is handed on as it came: the schema then sets it aside, and the
 * others are kept.
 */
export const eachRow = <From>(rows: readonly From[], map: (row: From) => Row | Row[]): Row[] =>
  rows.flatMap<Row>((row) => {
    try {
      return map(row);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      return row as Row;
    }
  });
