import fc from "fast-check";
import { expect, test } from "vitest";
import { order } from "../rows/page.ts";
import { encode, restrict } from "./index.ts";

const cells = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }), { maxLength: 200 });

test("an encoded column has the values that were there", () => {
  fc.assert(
    fc.property(cells, (column) => {
      const { indices, values } = encode(column);

      expect(Array.from(indices, (index) => values[index])).toEqual(column);
      expect(new Set(values).size).toBe(values.length);
    }),
  );
});

test("the order is that of a stable sort, empty cells last", () => {
  fc.assert(
    fc.property(cells, (column) => {
      const rows = column.map((_, row) => row);

      const encoded = encode(column);
      const ordered = order(encoded, encoded.values as (number | undefined)[]);

      const rank = (row: number) => column[row] ?? Number.POSITIVE_INFINITY;
      expect(ordered.present).toBe(column.filter((value) => value !== undefined).length);
      expect([...ordered.rows]).toEqual(rows.sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b))));
    }),
  );
});

test("a filter leaves exactly the rows whose value passes, and takes no other's mark away", () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: -5, max: 5 }), (column, least) => {
      const marks = Uint8Array.from(column, (_, row) => row % 2);

      const encoded = encode(column);
      restrict(
        marks,
        encoded,
        Uint8Array.from(encoded.values, (value) => ((value as number) >= least ? 1 : 0)),
      );

      expect([...marks]).toEqual(column.map((value, row) => (row % 2 === 1 && Number(value) >= least ? 1 : 0)));
    }),
  );
});
