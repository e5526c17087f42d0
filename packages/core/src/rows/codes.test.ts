import fc from "fast-check";
import { expect, test } from "vitest";
import { encode, order, restrict } from "./codes.ts";

const cells = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }), { maxLength: 200 });

test("codes stand for the values that were there", () => {
  fc.assert(
    fc.property(cells, (column) => {
      const { codes, values } = encode(column);

      expect(Array.from(codes, (code) => values[code])).toEqual(column);
      expect(new Set(values).size).toBe(values.length);
    }),
  );
});

test("the order is that of a stable sort, empty cells last", () => {
  fc.assert(
    fc.property(cells, (column) => {
      const rows = column.map((_, row) => row);

      const ordered = order(encode(column), (value) => value);

      const rank = (row: number) => column[row] ?? Number.POSITIVE_INFINITY;
      expect([...ordered]).toEqual(rows.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b))));
    }),
  );
});

test("a filter leaves exactly the rows whose value passes, and takes no other's mark away", () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: -5, max: 5 }), (column, least) => {
      const marks = Uint8Array.from(column, (_, row) => row % 2);

      restrict(marks, encode(column), (value) => (value as number) >= least);

      expect([...marks]).toEqual(column.map((value, row) => (row % 2 === 1 && Number(value) >= least ? 1 : 0)));
    }),
  );
});
